"""What a person can act on. Each error has a stable code and data, never a sentence."""

from typing import ClassVar


class BlaljusError(Exception):
    """Base of all errors that reach a person; `templates/errors/<code>.html` words them."""

    code: ClassVar[str]

    def __init__(self, **data: object) -> None:
        super().__init__(self.code, data)
        self.data = data


class NotFoundError(BlaljusError):
    """It does not exist, or belongs to somebody else: the answer is the same."""

    code = "not-found"


class NotAllowedError(BlaljusError):
    """The person is known and may not do this."""

    code = "not-allowed"


class StaleError(BlaljusError):
    """Somebody changed it since the page was opened; nothing of this change was saved."""

    code = "stale"


class BusyError(BlaljusError):
    """The database was locked or deadlocked for longer than we retry; nothing was changed."""

    code = "busy"

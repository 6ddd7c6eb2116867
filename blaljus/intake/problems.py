"""Collects what is wrong with a file."""

from blaljus.domain.imports import ImportProblem, ProblemCode
from blaljus.domain.personal_number import mask_personal_numbers
from blaljus.intake.texts import tidy

MAX_LISTED = 200
"""Problems listed per file: what somebody can still read. The others are counted."""

MAX_SHOWN = 60
"""Characters shown of a wrong value."""

NEVER_SHOWN = {ProblemCode.PERSONAL_NUMBER}


def shown(value: str) -> str:
    """Return a value fit for a page or a terminal: one line, no personnummer, 60 characters."""
    text = mask_personal_numbers(tidy(value[: 10 * MAX_SHOWN]))
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


class FileProblems:
    """The problems of one file, in the order they were found."""

    def __init__(self, file: str) -> None:
        self.file = shown(file)
        self._listed: list[ImportProblem] = []
        self._unlisted = 0

    def add(
        self,
        code: ProblemCode,
        *,
        row: int | None = None,
        column: str | None = None,
        value: str = "",
    ) -> None:
        """Note a problem; past the end of the listing it is only counted."""
        if len(self._listed) == MAX_LISTED:
            self._unlisted += 1
            return
        display = "" if code in NEVER_SHOWN else shown(value)
        problem = ImportProblem(file=self.file, row=row, column=column, code=code, value=display)
        self._listed.append(problem)

    def listed(self) -> tuple[ImportProblem, ...]:
        """Return the problems, and at the end how many more there are, if any."""
        if not self._unlisted:
            return tuple(self._listed)
        more = ImportProblem(
            file=self.file,
            row=None,
            column=None,
            code=ProblemCode.MORE_PROBLEMS,
            value=str(self._unlisted),
        )
        return (*self._listed, more)

"""Piccolo's foreign key, without what it does again and again for references we never make."""

from typing import Any

from piccolo.columns import ForeignKey as PiccoloForeignKey


class ForeignKey(PiccoloForeignKey[Any]):
    """A reference to a table that is named by its class, never by a text.

    Piccolo looks through `dir()` at each use of an attribute, for references by text that are
    not resolved yet. That was half of the time it takes to build a query.
    """

    def __dir__(self) -> list[str]:
        """Return nothing: Piccolo then finds at once that there is nothing to resolve."""
        return []

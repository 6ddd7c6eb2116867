"""Who opens and who closes addresses of one calendar wait for each other."""

from collections.abc import Mapping
from types import MappingProxyType

from piccolo.table import Table

from blaljus.domain.words import FeedKind
from blaljus.store import tables as t
from blaljus.store.engine import lock_row

_SHOWN: Mapping[FeedKind, type[Table]] = MappingProxyType(
    {
        FeedKind.STAFF: t.StaffMember,
        FeedKind.SCHOOL_CLASS: t.SchoolClass,
        FeedKind.SCHOOL: t.SchoolUnit,
        FeedKind.AGENCY: t.Agency,
        FeedKind.MUNICIPALITY: t.Municipality,
    }
)


async def lock_calendar(kind: FeedKind, subject: int) -> None:
    """Hold whose calendar it is to the transaction's end; one lock, and no other before it."""
    await lock_row(_SHOWN[kind], subject)

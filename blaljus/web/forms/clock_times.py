"""Times of day as people type them, on the day of a slot."""

from datetime import datetime, time
from typing import Annotated

import msgspec

from blaljus.domain.localtime import at_local, local_day
from blaljus.domain.slots import Slot
from blaljus.i18n import msgid

Clock = Annotated[str, msgspec.Meta(pattern=r"^([01]?[0-9]|2[0-3])[:.][0-5][0-9]$")]
"""A time of day as people write it: 9.10 or 09:10."""

TIME = msgid("Skriv klockslaget som 9.10.")
"""What is said of a text that is no time."""


def moment_of(text: str, slot: Slot) -> datetime:
    """Return the UTC moment of a `Clock` on the slot's local day."""
    hour, minute = text.replace(".", ":").split(":")
    return at_local(local_day(slot.starts_at), time(int(hour), int(minute)))

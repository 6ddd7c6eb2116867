"""People say when they can come while a file says it too."""

import asyncio
from datetime import date

import pytest

from blaljus.domain.agencies import Available
from blaljus.domain.people import OPERATOR
from blaljus.domain.words import AvailabilityState, Half
from blaljus.store import agencies
from blaljus.store.engine import write_transaction
from blaljus.usecases.importing import ImportChangedError, apply_import, preview

DAY = date(2027, 5, 10)
"""The file says that the officer is free."""


async def test_what_a_person_says_meanwhile_makes_the_import_be_looked_at_again(
    imported, context, hoor
):
    officer = await agencies.find_staff_by_reference("polis-1")
    assert officer is not None
    await agencies.set_availability(officer.id, DAY, DAY, [])
    seen = await preview(context, hoor)
    held = asyncio.Event()

    async def take():
        await held.wait()
        await apply_import(context, OPERATOR, hoor, fingerprint=seen.fingerprint)

    taking = asyncio.create_task(take())
    async with write_transaction():
        await agencies.lock_staff(officer.id)
        held.set()
        await asyncio.sleep(0.5)
        said = [
            Available(staff=officer.id, day=DAY, half=half, state=AvailabilityState.ON_CALL)
            for half in Half
        ]
        await agencies.set_availability(officer.id, DAY, DAY, said)

    with pytest.raises(ImportChangedError):
        await taking

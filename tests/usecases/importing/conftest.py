"""Höör's files, and ways to import them."""

import pytest
from factories import (
    stored_municipality,
)
from importing_hoor import HOOR

from blaljus.domain.people import OPERATOR
from blaljus.usecases.importing import (
    apply_import,
    preview,
)


@pytest.fixture(scope="session")
def hoor():
    """The files of Höör by name; tests copy before they change."""
    return {path.name: path.read_bytes() for path in HOOR.iterdir()}


@pytest.fixture
def take(context):
    """Import files as the operator and return what was seen before."""

    async def taken(files, **wish):
        seen = await preview(context, files, **wish)
        assert seen.problems == ()
        wish = {**wish, "school_year": seen.school_year}
        await apply_import(context, OPERATOR, files, fingerprint=seen.fingerprint, **wish)
        return seen

    return taken


@pytest.fixture
async def imported(store, take, hoor):
    """Höör as its files say; returns the municipality."""
    await take(hoor)
    return await stored_municipality()

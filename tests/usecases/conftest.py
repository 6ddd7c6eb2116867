import pytest
from factories import Cast, a_context, stored_cast


@pytest.fixture
async def cast(store) -> Cast:
    return await stored_cast()


@pytest.fixture
def context(clock):
    return a_context(clock)

import time

import pytest

from blaljus.domain.errors import BusyError
from blaljus.store import failpoints
from blaljus.store.failpoints import enabled, failpoint


async def test_a_place_is_inert_unless_switched_on():
    assert await failpoint("after_check") is None


async def test_an_action_is_done_at_its_place_only_and_for_its_block_only():
    passed = []

    async def action():
        passed.append(1)

    with enabled("after_check", action):
        await failpoint("after_check")
        await failpoint("elsewhere")
    await failpoint("after_check")

    assert passed == [1]


async def test_actions_can_be_said_in_words():
    failpoints.enable_from("slow=sleep:0.05, locked=busy,")
    started = time.monotonic()

    await failpoint("slow")

    assert time.monotonic() - started >= 0.05
    with pytest.raises(BusyError):
        await failpoint("locked")


@pytest.mark.parametrize(
    "text", ["slow", "slow=", "slow=sleep", "slow=sleep:x", "x=crash:1", "x=y"]
)
def test_words_that_mean_nothing_are_refused(text):
    with pytest.raises(ValueError, match="say name="):
        failpoints.enable_from(text)

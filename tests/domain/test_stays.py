"""When a class may come to a slot and leave it."""

from datetime import timedelta

import pytest
from domain.test_booking import NOW, a_slot

from blaljus.domain.stays import Stay, stay_problems


@pytest.mark.parametrize(
    ("arrives", "leaves", "problems"),
    [
        (None, None, {}),
        (-120, 120 + 120, {}),
        (-121, None, {"arrives": "arrives-outside"}),
        (119, 120, {}),
        (120, None, {"arrives": "arrives-outside"}),
        (None, 0, {"leaves": "leaves-outside"}),
        (None, 120 + 121, {"leaves": "leaves-outside"}),
        (40, 40, {"leaves": "leaves-before"}),
    ],
)
def test_a_class_comes_and_leaves_within_two_hours_of_the_slot(arrives, leaves, problems):
    slot = a_slot(starts_at=NOW, ends_at=NOW + timedelta(minutes=120))

    def at(minutes):
        return None if minutes is None else NOW + timedelta(minutes=minutes)

    assert stay_problems(slot, Stay(arrives_at=at(arrives), leaves_at=at(leaves))) == problems

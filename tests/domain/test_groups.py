"""Groups by pupils: what classes make, and that nobody counts otherwise."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blaljus.domain.groups import groups_made, takes_class, takes_classes
from blaljus.domain.slots import Slot, Station
from blaljus.domain.words import Service, VenueKind
from blaljus.planner.carousel.grouping import Party, groups_of
from blaljus.planner.packing.site import Site
from blaljus.planner.problem import Problem, ProblemStation, ProblemVenue

SIZES = st.lists(st.integers(1, 60), max_size=6)
NOBODY = dict.fromkeys(Slot.__dataclass_fields__)
UNSAID = dict.fromkeys(Station.__dataclass_fields__)


def a_slot(group_pupils, places=3, taken=0):
    return Slot(**NOBODY | {"group_pupils": group_pupils, "places": places, "taken": taken})


def stations(*largest):
    return [Station(**UNSAID | {"max_pupils": pupils}) for pupils in largest]


@pytest.mark.parametrize(
    ("sizes", "groups"),
    [
        ([], 0),
        ([25], 1),
        ([26], 2),
        ([51], 3),
        ([12, 13], 1),
        ([12, 14], 2),
        ([10, 12, 13, 15], 2),
        ([8, 8, 8], 2),
        ([26, 12], 3),
    ],
)
def test_large_classes_are_split_and_small_ones_go_two_by_two(sizes, groups):
    assert groups_made(a_slot(25), stations(60, 60, 60), sizes) == groups


def test_each_class_is_a_group_where_the_slot_says_nothing():
    assert groups_made(a_slot(None), stations(60), [5, 5, 58]) == 3


def test_a_group_is_no_larger_than_the_smallest_station_takes():
    assert groups_made(a_slot(25), stations(60, 10), [20]) == 2


def test_a_class_has_room_whole_or_split():
    assert takes_class(a_slot(None), stations(30, 25), 25)
    assert not takes_class(a_slot(None), stations(30, 25), 26)
    assert takes_class(a_slot(20, places=3), stations(60), 60)
    assert not takes_class(a_slot(20, places=3), stations(60), 61)


def test_classes_have_room_together_while_their_groups_are_no_more_than_the_places():
    assert takes_classes(a_slot(20, places=3), stations(60), [20, 40])
    assert not takes_classes(a_slot(20, places=3), stations(60), [21, 40])


def fewest(sizes, limit):
    """Try every order, and let each class go with the one before it where both fit."""
    small = [size for size in sizes if size <= limit]
    split = sum(-(-size // limit) for size in sizes if size > limit)
    return split + min(two_by_two(order, limit) for order in permutations(small))


def two_by_two(order, limit):
    groups, room = 0, 0
    for size in order:
        if size > room:
            groups, room = groups + 1, limit - size
        else:
            room = 0
    return groups


@given(sizes=SIZES, limit=st.integers(2, 60))
def test_no_pairing_makes_fewer_groups(sizes, limit):
    assert groups_made(a_slot(limit), stations(60), sizes) == fewest(sizes, limit)


@given(sizes=SIZES, limit=st.integers(2, 60))
def test_the_planner_counts_the_same_groups(sizes, limit):
    station = ProblemStation(
        service=Service.POLICE, staff_needed=1, max_pupils=60, on_call_allowed=True, required=True
    )
    venue = ProblemVenue(
        id=1,
        kind=VenueKind.SHARED,
        municipality=1,
        open=1,
        stations=(station,),
        group_pupils=limit,
    )
    problem = Problem(half_days=(), classes=(), venues=(venue,), staff=())

    assert Site(problem, venue).groups(sizes) == groups_made(a_slot(limit), stations(60), sizes)


@given(sizes=SIZES, limit=st.integers(2, 60))
def test_the_carousel_makes_no_more_groups_than_places_were_taken(sizes, limit):
    here = (1, 2)
    parties = [
        Party(booking=number, pupils=pupils, needs=frozenset(), here=here)
        for number, pupils in enumerate(sizes)
    ]
    taken = groups_made(a_slot(limit), stations(60), sizes)

    groups = groups_of(parties, limit=limit, most=taken)

    assert len(groups) <= taken
    assert max((group.pupils for group in groups), default=0) <= limit
    assert sum(group.pupils for group in groups) == sum(sizes)

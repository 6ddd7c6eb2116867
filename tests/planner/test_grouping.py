from hypothesis import given
from hypothesis import strategies as st
from planner.rotations import span

from blaljus.domain.words import AccessNeed
from blaljus.planner.carousel.grouping import EXTRA_MINUTES, Party, groups_of

DAY = span(0, 115)


def a_party(booking, pupils, *needs, here=DAY):
    return Party(booking=booking, pupils=pupils, needs=frozenset(needs), here=here)


def parts(groups):
    return [group.parts for group in groups]


def test_a_class_is_a_group_of_its_own():
    classes = [a_party(1, 20), a_party(2, 11)]

    assert parts(groups_of(classes, limit=60, most=3)) == [((1, 20),), ((2, 11),)]


def test_a_large_class_is_split_evenly():
    assert parts(groups_of([a_party(1, 25)], limit=12, most=3)) == [((1, 9),), ((1, 8),), ((1, 8),)]


def test_the_two_smallest_go_together_when_there_are_too_many():
    classes = [a_party(1, 24), a_party(2, 11), a_party(3, 20), a_party(4, 9)]

    assert parts(groups_of(classes, limit=30, most=3)) == [
        ((1, 24),),
        ((2, 11), (4, 9)),
        ((3, 20),),
    ]


def test_two_that_are_too_many_together_stay_apart():
    classes = [a_party(1, 24), a_party(2, 24)]

    assert len(groups_of(classes, limit=30, most=1)) == 2


def test_two_that_never_meet_stay_apart():
    classes = [a_party(1, 9, here=span(0, 60)), a_party(2, 9, here=span(60, 120))]

    assert len(groups_of(classes, limit=30, most=1)) == 2


def test_needs_make_the_way_longer_and_step_free_for_one_part_of_the_class():
    moves, calm = a_party(1, 24, AccessNeed.MOBILITY), a_party(2, 20, AccessNeed.CALM)
    hears = a_party(3, 20, AccessNeed.HEARING)

    groups = groups_of([moves, calm, hears], limit=20, most=9)

    assert [(g.step_free_only, g.extra_minutes) for g in groups] == [
        (True, EXTRA_MINUTES),
        (False, 0),
        (False, EXTRA_MINUTES),
        (False, 0),
    ]


@given(
    sizes=st.lists(st.integers(1, 120), max_size=8),
    limit=st.integers(5, 60),
    most=st.integers(1, 12),
)
def test_nobody_is_lost_and_no_group_is_too_large(sizes, limit, most):
    classes = [a_party(number, size) for number, size in enumerate(sizes)]

    groups = groups_of(classes, limit=limit, most=most)

    counted = dict.fromkeys(range(len(sizes)), 0)
    for group in groups:
        assert 0 < group.pupils <= limit
        for booking, pupils in group.parts:
            counted[booking] += pupils
    assert list(counted.values()) == sizes

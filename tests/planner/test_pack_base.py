"""What is made of an older plan, and of a first one."""

from dataclasses import replace

from blaljus.planner.check import violations
from blaljus.planner.pack import improve_plan, pack
from blaljus.planner.plan import crew_cost


def packed(problem, base):
    """Return the plan, sound."""
    plan = pack(problem, base=base)
    assert violations(problem, plan) == ()
    return plan


def crews(plan):
    return [[member.staff for member in session.crew] for session in plan.sessions]


def half_days(plan):
    return [session.half_day for session in plan.sessions]


def second_crew(make):
    return tuple(make.person(who.id + 3, who.service) for who in make.crew())


def old_and_new(make, **change):
    classes = tuple(make.school_class(i) for i in (1, 2, 3, 4))
    base = make.plan(
        make.session(5, classes=(1,), staff=(4, 5, 6)), make.session(12, classes=(2, 3))
    )
    staff = (*make.crew(), *second_crew(make))
    return make.problem(**{"classes": classes, "staff": staff, **change}), base


def test_a_new_plan_leaves_the_old_one_as_it_was(make):
    problem, base = old_and_new(make)

    plan = packed(problem, base)
    assert [s.half_day for s in plan.sessions if set(s.classes) & {1, 2, 3}] == [5, 12]
    assert crews(plan)[0] == [4, 5, 6]
    assert plan.unplaced == ()


def test_who_cannot_come_any_longer_is_replaced_and_the_others_stay(make):
    staff = (*make.crew(), *second_crew(make))
    ill = tuple(replace(p, free=0) if p.id == 5 else p for p in staff)
    problem, base = old_and_new(make, staff=ill)

    plan = packed(problem, base)
    assert (half_days(plan)[0], crews(plan)[0]) == (5, [4, 2, 6])


def test_a_class_that_cannot_come_any_longer_moves_alone(make):
    classes = (
        make.school_class(1),
        make.school_class(2, free=0b1),
        make.school_class(3),
    )
    problem, base = old_and_new(make, classes=classes)

    plan = packed(problem, base)
    assert {(c, s.half_day) for s in plan.sessions for c in s.classes} == {(1, 5), (2, 0), (3, 12)}


def test_more_classes_are_worth_a_move(make):
    problem, base = old_and_new(
        make,
        classes=(make.school_class(1), make.school_class(9, free=1 << 5)),
        venues=(make.venue(max_groups=1),),
    )

    assert packed(problem, base).unplaced == ()


def test_an_older_plan_may_name_what_is_gone(make):
    problem, base = old_and_new(make)
    odd = make.session(3, classes=(77,), venue=99, staff=(88, 2, 3))

    assert packed(problem, make.plan(*base.sessions, odd)).unplaced == ()


def test_improvement_goes_on_from_the_first_plan(make):
    problem = make.problem(classes=tuple(make.school_class(i) for i in range(1, 7)))
    first = make.plan(*(make.session(2 * i, classes=(i + 1,)) for i in range(6)))

    better = improve_plan(problem, first, tries=30)
    assert violations(problem, better) == ()
    assert crew_cost(problem, better) < crew_cost(problem, first)

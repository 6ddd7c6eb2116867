"""`blaljus plan solve` as it is typed, in a process of its own."""

import json
import signal
import subprocess
import sys

import pytest
from season_factories import (
    a_class_row,
    a_random_season,
    a_season,
    a_staff_row,
    a_venue_row,
    as_file,
    locked,
)

PROGRAM = [sys.executable, "-m", "blaljus", "plan", "solve"]


@pytest.fixture
def solve(tmp_path):
    """Solve a season or the bytes of one; returns (status, output, errors, plan or None)."""

    def run(season, *words):
        data = season if isinstance(season, bytes) else as_file(season)
        (tmp_path / "season.json").write_bytes(data)
        out = tmp_path / "plan.json"
        ran = subprocess.run(
            [*PROGRAM, "season.json", "--out", "plan.json", *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert "Traceback" not in ran.stderr, ran.stderr
        plan = json.loads(out.read_bytes()) if out.exists() else None
        return ran.returncode, ran.stdout, ran.stderr, plan

    return run


TOGETHER = {
    "placements": [{"class": 30, "venue": 9, "slot": 2}, {"class": 31, "venue": 9, "slot": 2}],
    "crews": [{"venue": 9, "slot": 2, "staff": [5, 6, 7]}],
    "proof": {"placed_upper_bound": 2, "crew_cost_lower_bound": 9, "status": "optimal"},
}


def test_a_season_is_planned_and_proved(solve):
    status, output, errors, plan = solve(a_season())

    assert (status, errors) == (0, "")
    assert plan["proof"] == TOGETHER["proof"]
    assert [row["class"] for row in plan["placements"]] == [30, 31]
    assert [row["staff"] for row in plan["crews"]] == [[5, 6, 7]]
    assert output.splitlines()[:2] == [
        "2 of 2 classes are placed; that is all.",
        "Crew cost 9 (3 half-days, 3 staff-days); no plan of as many classes costs less.",
    ]


def test_without_time_the_plan_is_the_heuristics_and_nothing_is_proved(solve):
    status, output, _, plan = solve(a_season(), "--seconds", "0")

    assert status == 0
    assert len(plan["placements"]) == 2
    assert plan["proof"] == {
        "placed_upper_bound": 2,
        "crew_cost_lower_bound": None,
        "status": "feasible",
    }
    assert "the least possible is not proved" in output


def test_progress_tells_time_best_and_bounds(solve):
    _, _, errors, _ = solve(a_season(), "--progress")

    first, *_, last = errors.splitlines()
    assert "heuristic" in first
    assert last.endswith("2 of 2 placed (at most 2), crew cost 9 (at least 9)")


def test_why_not_is_told_for_each_class_without_a_time(solve):
    season = a_season(classes=[a_class_row(1), a_class_row(2, free="0x0")])

    _, output, _, plan = solve(season, "--explain")

    assert len(plan["placements"]) == 1
    assert "Klass 2: Klassen har ingen ledig halvdag kvar." in output
    assert "Klass 1" not in output


def test_the_same_rows_in_another_order_give_the_same_bytes(solve, tmp_path):
    season = a_random_season(seed=5, classes=12)
    solve(season, "--seed", "3")
    first = (tmp_path / "plan.json").read_bytes()
    for name in ("municipalities", "venues", "classes", "staff"):
        season[name].reverse()

    solve(season, "--seed", "3")

    assert (tmp_path / "plan.json").read_bytes() == first


def test_planning_anew_keeps_what_can_be_kept(solve, tmp_path):
    season = a_random_season(seed=1, classes=12)
    _, _, _, old = solve(season)
    (tmp_path / "old.json").write_text(json.dumps(old), encoding="utf-8")
    away = old["crews"][0]["staff"][0]
    season["staff"] = [row for row in season["staff"] if row["id"] != away]

    status, output, errors, new = solve(season, "--base", "old.json")

    held = [row["staff"].count(away) for row in old["crews"]]
    assert status == 0
    assert errors.startswith(f"old.json: {sum(held)} classes or people are no longer in the")
    is_now = {row["class"]: (row["venue"], row["slot"]) for row in new["placements"]}
    was = {row["class"]: (row["venue"], row["slot"]) for row in old["placements"]}
    moved = [who for who, place in was.items() if is_now.get(who) != place]
    told = f"{len(moved)} classes lose the time or place they had"
    assert f"{told}; no plan of as many classes moves fewer." in output
    assert len(moved) <= 2 * sum(held)


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"{", "season.json: line 1, column 2: not JSON"),
        (b'"\xff"', "season.json: line 1: not UTF-8"),
        (as_file(a_season(venues=[a_venue_row(open="0xfff")])), "season.json: venues[0].open: the"),
        (as_file(a_season(staff=[a_staff_row(1, "police", per_day=-1)])), "staff[0].per_day: a "),
        (b" " * 50_000_000, "season.json: larger than 32 MB"),
        (b"[" * 5_000_000, "season.json: nested too deeply"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_by_place_and_reason(solve, data, line):
    status, output, errors, plan = solve(data)

    assert (status, output, plan) == (2, "", None)
    assert line in errors


def test_all_mistakes_are_told_each_on_a_line(solve):
    classes = [a_class_row(1, school=5), a_class_row(1, free="0xff")]

    _, _, errors, _ = solve(a_season(classes=classes))

    assert errors.splitlines() == [
        "Error: season.json: classes[1].id: 1 is the id of classes[0] too",
        "season.json: classes[0].school: there is no venue 5",
        "season.json: classes[1].free: the mask has bits beyond the 4 slots of the season",
    ]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--seconds", "-1"], "Invalid value for '--seconds'"),
        (["--seconds", "nan"], "Invalid value for '--seconds'"),
        (["--seconds", "inf"], "Invalid value for '--seconds'"),
        (["--wish-tolerance", "-5"], "Invalid value for '--wish-tolerance'"),
        (["--base", "none.json"], "none.json: No such file or directory"),
        (["--base", "season.json"], "season.json: placements: is missing"),
        (["--base", "."], ".: a folder, not a file"),
        (["--out", "."], ".: a folder, not a file"),
        (["--out", "none/plan.json"], "none/plan.json: there is no folder none"),
        (["--resume", "none/state"], "none/state: there is no folder none"),
        (["--out", "season.json"], "season.json: it would replace the problem"),
    ],
)
def test_what_was_typed_wrong_is_told_and_nothing_is_written(solve, words, line):
    status, output, errors, plan = solve(a_season(), *words)

    assert (status, output, plan) == (2, "", None)
    assert line in errors


def test_a_missing_problem_is_told(tmp_path):
    ran = subprocess.run(
        [*PROGRAM, "none.json", "--out", "plan.json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.returncode, ran.stderr) == (2, "Error: none.json: No such file or directory\n")


def test_an_earlier_plan_stays_when_the_problem_cannot_be_used(solve, tmp_path):
    (tmp_path / "plan.json").write_text(json.dumps(TOGETHER), encoding="utf-8")

    status, _, _, plan = solve(b"{}")

    assert (status, plan) == (2, TOGETHER)


def test_a_lock_that_nobody_can_staff_leaves_no_plan(solve):
    staff = [a_staff_row(7, "police"), a_staff_row(5, "rescue")]

    status, output, errors, plan = solve(a_season(staff=staff, locked=locked((30, 9, 2))))

    assert (status, output, plan) == (2, "", None)
    assert "No plan was found that keeps every rule" in errors


def test_locked_classes_stay(solve):
    _, _, _, plan = solve(a_season(locked=locked((30, 9, 3), (31, 9, 0))))

    assert plan["placements"] == locked((30, 9, 3), (31, 9, 0))
    assert plan["proof"] == {
        "placed_upper_bound": 2,
        "crew_cost_lower_bound": 18,
        "status": "optimal",
    }


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_writes_the_best_plan_so_far_and_says_so(tmp_path, number):
    season = a_random_season(seed=1, classes=60)
    (tmp_path / "season.json").write_bytes(as_file(season))
    with subprocess.Popen(
        [*PROGRAM, "season.json", "--out", "plan.json", "--seconds", "100", "--progress"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        first = running.stderr.readline()
        running.send_signal(number)
        output, errors = running.communicate(timeout=20)

    assert "heuristic" in first
    assert running.returncode == 0
    assert errors.splitlines()[-1] == "Stopped: this is the best plan so far."
    plan = json.loads((tmp_path / "plan.json").read_bytes())
    assert output.startswith(f"{len(plan['placements'])} of 60 classes are placed")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["plan.json", "season.json"]


def test_a_country_is_planned_area_by_area_and_goes_on_where_it_was(solve, tmp_path):
    season = a_random_season(seed=3, classes=160, areas=2)
    status, output, errors, _ = solve(season, "--resume", "state", "--seconds", "1", "--progress")
    assert status == 0
    state = json.loads((tmp_path / "state").read_bytes())
    areas = [area["area"] for area in state["areas"]]
    assert f"{len(areas)} police areas are finished" in output or not areas

    status, output, errors, plan = solve(season, "--resume", "state", "--seconds", "2")

    assert status == 0
    assert errors.startswith(f"state: going on, {len(areas)} areas are finished.")
    after = json.loads((tmp_path / "state").read_bytes())["areas"]
    assert after[: len(areas)] == state["areas"]
    assert len(plan["placements"]) >= sum(len(s["classes"]) for s in state["plan"]["sessions"])


def test_a_state_of_another_season_is_refused(solve, tmp_path):
    solve(a_season(), "--resume", "state", "--seconds", "0")
    (tmp_path / "plan.json").unlink()

    status, _, errors, plan = solve(a_season(lunch_gap_minutes=5), "--resume", "state")

    assert (status, plan) == (2, None)
    assert errors == "Error: state: kept by a run of another season, base or tolerance\n"


def test_a_file_that_is_no_state_is_refused(solve, tmp_path):
    (tmp_path / "state").write_text("{}", encoding="utf-8")

    status, _, errors, _ = solve(a_season(), "--resume", "state")

    assert (status, errors) == (2, "Error: state: question: is missing\n")

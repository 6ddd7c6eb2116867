"""The solving process, real ones each time; `bad_solver.py` is what goes wrong."""

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from season_factories import a_class_row, a_season, as_file

from blaljus.planner.pack import pack
from blaljus.planner.plan import Proof
from blaljus.planner.process.judge import Standing
from blaljus.planner.process.messages import Job
from blaljus.planner.season.season import read_season
from blaljus.planner.solving import Ended, Limits, solve

BAD = Path(__file__).with_name("bad_solver.py")
QUICK = Limits(grace_seconds=3)
NOTHING = Proof(placed_at_most=2)
"""What needs no proof: there are two classes."""


def a_job(**other):
    return Job(**{"problem": read_season(as_file(a_season())), "seconds": 20, **other})


def bad(how, *files):
    return [sys.executable, str(BAD), how, *map(str, files)]


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").split()[2] != "Z"
    except FileNotFoundError:
        return False


def holds_within(seconds, what):
    until = time.monotonic() + seconds
    while not what() and time.monotonic() < until:
        time.sleep(0.05)
    return what()


async def test_a_problem_is_solved_and_both_goals_are_proved():
    heard = []

    outcome = await solve(a_job(), heard.append)

    assert (outcome.ended, outcome.trouble) == (Ended.FINISHED, "")
    assert outcome.best == heard[-1]
    assert outcome.best.is_proved
    assert outcome.best.proof == Proof(placed_at_most=2, crew_cost_at_least=9)
    assert 2**20 < outcome.peak_bytes < 2**30


async def test_without_time_the_answer_is_the_heuristics_plan():
    job = a_job(seconds=0)

    outcome = await solve(job, lambda _: None)

    assert outcome.ended is Ended.FINISHED
    assert (outcome.best.plan, outcome.best.proof) == (pack(job.problem), NOTHING)


@pytest.mark.parametrize(
    ("how", "ended", "trouble"),
    [
        ("dies", Ended.DIED, "it ended with status -9"),
        ("crashes", Ended.DIED, "it ended with status 1 RuntimeError: a bug in a library"),
        ("closes", Ended.DIED, "it ended with status"),
        ("has-no-memory", Ended.NO_MEMORY, ""),
        ("finishes", Ended.FINISHED, ""),
    ],
)
async def test_a_solver_that_ends_leaves_its_best_plan_and_what_it_proved(how, ended, trouble):
    job = a_job()

    outcome = await solve(job, lambda _: None, limits=QUICK, program=bad(how))

    assert outcome.ended is ended
    assert outcome.trouble.startswith(trouble)
    assert outcome.best.plan == pack(job.problem)
    assert outcome.best.proof == Proof(placed_at_most=2, crew_cost_at_least=6)


@pytest.mark.parametrize("how", ["hangs", "stops"])
async def test_a_solver_that_hangs_is_ended_when_its_time_is_up(how, tmp_path):
    job, file = a_job(seconds=1), tmp_path / "pid"

    outcome = await solve(
        job, lambda _: None, limits=Limits(grace_seconds=4), program=bad(how, file)
    )

    assert outcome.ended is Ended.HUNG
    assert outcome.best.plan == pack(job.problem)
    assert not is_alive(int(file.read_text(encoding="ascii")))


@pytest.mark.parametrize(
    ("how", "trouble"),
    [
        ("breaks-a-rule", "it told a plan that breaks a rule (service-missing)"),
        ("claims-fewer", "it told at most 1 classes, where a plan places 2"),
        ("claims-cost", "it told crew cost at least 1000000, where a plan costs 9"),
        ("garbles", "it told something that is not a message"),
        ("nests", "it told something that is not a message"),
        ("floods", "it told something that is not a message"),
    ],
)
async def test_a_solver_that_lies_is_ended_and_has_proved_nothing(how, trouble):
    job = a_job()

    outcome = await solve(job, lambda _: None, limits=QUICK, program=bad(how))

    assert (outcome.ended, outcome.trouble) == (Ended.LIED, trouble)
    assert (outcome.best.plan, outcome.best.proof) == (pack(job.problem), NOTHING)


async def test_a_solver_that_cannot_be_started_leaves_the_plan_one_had():
    job = a_job()
    job = replace(job, start=pack(job.problem))

    outcome = await solve(job, lambda _: None, program=["/nowhere/at/all"])

    assert (outcome.ended, outcome.trouble) == (Ended.DIED, "No such file or directory")
    assert outcome.best.plan == job.start


async def test_a_solver_without_memory_leaves_the_plan_one_had():
    job = a_job()
    job = replace(job, start=pack(job.problem))

    outcome = await solve(job, lambda _: None, limits=Limits(most_bytes=40 * 2**20))

    assert outcome.ended in {Ended.DIED, Ended.NO_MEMORY}
    assert outcome.best.plan == job.start


async def test_a_start_that_breaks_a_rule_is_not_used():
    job = a_job()
    good = pack(job.problem)
    first = replace(good.sessions[0], crew=())
    heard: list[Standing] = []

    outcome = await solve(replace(job, start=replace(good, sessions=(first,))), heard.append)

    assert outcome.ended is Ended.FINISHED
    assert heard[0].stage == "heuristic"


async def test_stopping_ends_the_process_and_keeps_the_best_plan(tmp_path):
    stop, file = asyncio.Event(), tmp_path / "pid"

    outcome = await solve(a_job(), lambda _: stop.set(), stop=stop, program=bad("hangs", file))

    assert outcome.ended is Ended.STOPPED
    assert outcome.best.figures.placed == 2
    assert not is_alive(int(file.read_text(encoding="ascii")))


async def test_a_cancelled_task_ends_the_process(tmp_path):
    heard, file = asyncio.Event(), tmp_path / "pid"
    task = asyncio.create_task(solve(a_job(), lambda _: heard.set(), program=bad("hangs", file)))
    await heard.wait()

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert not is_alive(int(file.read_text(encoding="ascii")))


PARENT = """
import asyncio, sys
from blaljus.planner import solving
from blaljus.planner.process.messages import Job
from blaljus.planner.season.season import read_season

season, file = sys.argv[1:]
child = f'''
import os
open({file!r}, "w").write(str(os.getpid()))
from blaljus.planner.process import solver
solver.Work.do = lambda work: __import__("time").sleep(60)
solver.main()
'''
problem = read_season(open(season, "rb").read())
job = Job(problem=problem, seconds=60)
asyncio.run(solving.solve(job, print, program=[sys.executable, "-c", child]))
"""


def test_the_process_ends_when_its_parent_is_killed(tmp_path):
    season, file = tmp_path / "season.json", tmp_path / "pid"
    season.write_bytes(as_file(a_season()))
    with subprocess.Popen([sys.executable, "-c", PARENT, str(season), str(file)]) as parent:
        begun = holds_within(20, lambda: file.exists() and file.read_text(encoding="ascii"))
        parent.kill()

    assert begun
    pid = int(file.read_text(encoding="ascii"))
    assert holds_within(5, lambda: not is_alive(pid))


async def test_the_process_sees_none_of_our_settings(monkeypatch, tmp_path):
    monkeypatch.setenv("BLALJUS_SECRET", "x" * 32)
    file = tmp_path / "environment"
    program = [
        sys.executable,
        "-c",
        f"import os, json; open({str(file)!r}, 'w').write(json.dumps(dict(os.environ)))",
    ]

    await solve(a_job(), lambda _: None, program=program)

    seen = json.loads(file.read_text(encoding="utf-8"))
    assert "PATH" in seen
    assert [name for name in seen if name.startswith("BLALJUS")] == []


async def test_the_same_rows_in_another_order_give_the_same_plan():
    season = a_season(classes=[a_class_row(n, wishes=[n % 4]) for n in range(5)])
    turned = {**season, "classes": season["classes"][::-1], "staff": season["staff"][::-1]}

    one, other = [
        await solve(a_job(problem=read_season(as_file(s))), lambda _: None)
        for s in (season, turned)
    ]

    assert one.best.plan == other.best.plan

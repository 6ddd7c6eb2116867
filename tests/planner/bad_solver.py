"""A solving process that misbehaves: `python bad_solver.py HOW [FILE]`, then as the real one."""

import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import msgspec

from blaljus.planner.figures import placed
from blaljus.planner.pack import pack
from blaljus.planner.process.messages import Done, Job, Told


def put(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def say(message):
    put(msgspec.json.encode(message).decode())


def told(plan, **bounds):
    return Told(stage="heuristic", seconds=0.1, plan=plan, placed=placed(plan), **bounds)


def broken(plan):
    first, *rest = plan.sessions
    return replace(plan, sessions=(replace(first, crew=first.crew[1:]), *rest))


def sleep():
    time.sleep(60)


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def stop():
    os.kill(os.getpid(), signal.SIGSTOP)


def crash():
    raise RuntimeError("a bug in a library")


def flood():
    while True:
        sys.stdout.buffer.write(b"x" * 2**20)


def close():
    os.close(1)
    sleep()


def misbehave(how, plan):
    least = 2 * sum(len(session.crew) for session in plan.sessions)
    say(told(plan, placed_at_most=placed(plan) + 1, crew_cost_at_least=least))
    after = {
        "hangs": sleep,
        "dies": die,
        "stops": stop,
        "crashes": crash,
        "floods": flood,
        "closes": close,
        "garbles": lambda: put("Segmentation fault"),
        "nests": lambda: put("[" * 10**6),
        "breaks-a-rule": lambda: say(told(broken(plan))),
        "claims-fewer": lambda: say(told(plan, placed_at_most=placed(plan) - 1)),
        "claims-cost": lambda: say(told(plan, crew_cost_at_least=10**6)),
        "has-no-memory": lambda: say(Done(how="no-memory")),
        "finishes": lambda: say(Done()),
    }
    after[how]()


def main():
    how, *files = sys.argv[1:-2]
    for file in files:
        Path(file).write_text(str(os.getpid()), encoding="ascii")
    job = msgspec.json.decode(sys.stdin.buffer.readline(), type=Job)
    misbehave(how, job.start or pack(job.problem))


if __name__ == "__main__":
    main()

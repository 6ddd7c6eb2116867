"""The real solving process, slowed down for watching it: `slow_solver.py LAST`, then as it.

Each message waits half a second, the last one so many seconds.
"""

import sys
import time

from blaljus.planner.process import solver
from blaljus.planner.process.messages import Done

EACH = 0.5


class SlowSpeaker(solver.Speaker):
    """Says everything, later."""

    last = 0.0

    def say(self, message):
        time.sleep(self.last if isinstance(message, Done) else EACH)
        super().say(message)


if __name__ == "__main__":
    SlowSpeaker.last = float(sys.argv.pop(1))
    solver.Speaker = SlowSpeaker
    solver.main()

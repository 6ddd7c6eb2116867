"""The solving process: `python -m blaljus.planner.process.solver BYTES NICE`.

It reads a `Job` as one line, tells where it stands as lines of `Message`, and ends with its parent:
when standard input closes.
"""

import os
import sys
import threading

import msgspec

from blaljus.children import limit_myself
from blaljus.planner.process.messages import Done, Job, Message
from blaljus.planner.process.work import Work, peak_bytes


class Speaker:
    """Writes messages to the parent, where nothing else that prints can reach."""

    def __init__(self) -> None:
        self._out = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)

    def say(self, message: Message) -> None:
        """Send one message at once."""
        self._out.write(msgspec.json.encode(message) + b"\n")
        self._out.flush()


def main() -> None:
    """Solve the job on standard input."""
    speaker = Speaker()
    most_bytes, nice = map(int, sys.argv[1:])
    limit_myself(most_bytes=most_bytes, nice=nice)
    try:
        job = msgspec.json.decode(sys.stdin.buffer.readline(), type=Job)
        threading.Thread(target=_end_with_parent, daemon=True).start()
        Work(job, speaker.say).do()
    except MemoryError:
        speaker.say(Done(how="no-memory", peak_bytes=peak_bytes()))
    else:
        speaker.say(Done(peak_bytes=peak_bytes()))


def _end_with_parent() -> None:
    while os.read(0, 1024):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()

"""A real IMAP server in a process of its own, with an empty folder for each test."""

import imaplib
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from itertools import count

FOLDERS = count(1)
WITHIN = 60.0
"""Seconds; it takes one on an idle machine."""


@contextmanager
def imap_server():
    """Yield the port of a server that keeps everything in memory."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = "from pymap.main import main; main()"
    command = [sys.executable, "-W", "ignore", "-c", program, "--host", "127.0.0.1"]
    command += ["--port", str(port), "--no-tls", "dict", "--demo-data"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _until_it_answers(process, port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _until_it_answers(process, port):
    deadline = time.monotonic() + WITHIN
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


class Folder:
    """An empty folder on the server, as its owner's mail program sees it."""

    def __init__(self, port):
        self.name = f"Svar {next(FOLDERS)}"
        self.port = port
        self.url = f"imap://demouser:demopass@127.0.0.1:{port}/{self.name.replace(' ', '%20')}"
        self._ask(lambda server: server.create(f'"{self.name}"'))

    def _ask(self, question):
        with imaplib.IMAP4("127.0.0.1", self.port, 30) as server:
            server.login("demouser", "demopass")
            return question(server)

    def put(self, letter):
        self._ask(lambda server: server.append(f'"{self.name}"', None, None, letter))

    def counts(self):
        """How many letters there are, and how many are unread."""
        (line,) = self._ask(lambda s: s.status(f'"{self.name}"', "(MESSAGES UNSEEN)"))[1]
        words = line.decode().replace(")", " ").split()
        return int(words[words.index("(MESSAGES") + 1]), int(words[words.index("UNSEEN") + 1])

"""`blaljus serve` as `make run` starts it: ways in are printed, and nothing is left running."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

WITHIN = 30.0


@pytest.fixture
def served(tmp_path):
    """A server with its worker on a new folder, ready; yields (process, address)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "blaljus", "serve", "--demo", "--with-worker"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={
            "PATH": os.environ["PATH"],
            "BLALJUS_MODE": "demo",
            "BLALJUS_PORT": str(port),
            "BLALJUS_BASE_URL": address,
            "BLALJUS_DATABASE_URL": f"sqlite:///{tmp_path / 'data' / 'blaljus.sqlite'}",
        },
    )
    try:
        _until(lambda: _answers(address))
        yield process, address
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _answers(address):
    try:
        return httpx.get(f"{address}/readyz").status_code == 200
    except httpx.TransportError:
        return False


def _until(holds):
    deadline = time.monotonic() + WITHIN
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def _children(number):
    """The numbers of a process's own processes, from the kernel."""
    return [
        int(child)
        for task in Path(f"/proc/{number}/task").iterdir()
        for child in (task / "children").read_text(encoding="ascii").split()
    ]


def test_it_prints_a_way_in_for_each_role_that_works_again_and_again(served):
    process, address = served

    lines = [process.stdout.readline().rstrip("\n").split("\t") for _ in range(3)]

    assert [role for role, _ in lines] == ["lärare", "polis", "samordnare"]
    for _, link in lines:
        assert link.startswith(f"{address}/in/")
        assert [httpx.get(link).status_code for _ in range(2)] == [200, 200]


@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel for child processes")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_worker_ends_with_the_server_however_that_ends(served, how):
    process, _ = served
    _until(lambda: _children(process.pid))
    (worker,) = _children(process.pid)

    process.send_signal(how)

    process.wait(WITHIN)
    _until(lambda: not Path(f"/proc/{worker}").exists())

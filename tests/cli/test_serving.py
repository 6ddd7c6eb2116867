"""`blaljus serve` as `make run` starts it: ways in are printed, and nothing is left running."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from select import select

import httpx
import pytest
from visiting import Forms

WITHIN = 90.0
"""Seconds; it takes three on an idle machine."""
BY_ITSELF = 5.5
"""Seconds; uvicorn hangs up after five if it is not told otherwise."""


@contextmanager
def serving(tmp_path, *words, **environ):
    """A server on a new folder, ready; yields (process, address)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "blaljus", "serve", "--demo", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={
            "PATH": os.environ["PATH"],
            "BLALJUS_MODE": "demo",
            "BLALJUS_PORT": str(port),
            "BLALJUS_BASE_URL": address,
            "BLALJUS_DATABASE_URL": f"sqlite:///{tmp_path / 'data' / 'blaljus.sqlite'}",
            **environ,
        },
    )
    try:
        _until(lambda: _answers(address))
        yield process, address
    finally:
        process.terminate()
        try:
            process.wait(WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


@pytest.fixture
def served(tmp_path):
    """A server with its worker, ready."""
    with serving(tmp_path, "--with-worker") as ready:
        yield ready


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


def test_an_idle_connection_is_kept_longer_than_uvicorn_would(served):
    _, address = served
    host, port = address.removeprefix("http://").split(":")
    with closing(HTTPConnection(host, int(port), timeout=WITHIN)) as connection:
        connection.request("GET", "/healthz")
        assert connection.getresponse().read() == b"ok\n"
        kept = connection.sock

        hung_up, _, _ = select([kept], [], [], BY_ITSELF)

        assert not hung_up
        connection.request("GET", "/healthz")
        assert connection.getresponse().read() == b"ok\n"
        assert connection.sock is kept


@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel for child processes")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_worker_ends_with_the_server_however_that_ends(served, how):
    process, _ = served
    _until(lambda: _children(process.pid))
    (worker,) = _children(process.pid)

    process.send_signal(how)

    process.wait(WITHIN)
    _until(lambda: not Path(f"/proc/{worker}").exists())


@contextmanager
def only(process, others):
    """Let one of some processes answer alone: the others stand still meanwhile."""
    for other in others:
        os.kill(other, signal.SIGSTOP)
    try:
        yield
    finally:
        for other in others:
            os.kill(other, signal.SIGCONT)


def _web_processes(number):
    command = {child: Path(f"/proc/{child}/cmdline").read_bytes() for child in _children(number)}
    return [child for child, line in command.items() if b"spawn_main" in line]


@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel for child processes")
def test_with_two_processes_the_printed_ways_in_work_in_each(tmp_path):
    with serving(tmp_path, BLALJUS_WORKERS="2") as (process, address):
        links = [process.stdout.readline().rstrip("\n").partition("\t")[2] for _ in range(3)]
        _until(lambda: len(_web_processes(process.pid)) == 2)
        both = _web_processes(process.pid)

        for one in both:
            with only(one, [other for other in both if other != one]):
                for link in links:
                    with httpx.Client(base_url=address, timeout=3) as browser:
                        assert _signed_in(browser, link), link
                assert httpx.get(f"{address}/in/{'x' * 43}", timeout=3).status_code == 404


def _signed_in(browser, link):
    """Open a link, press its button, and see one's own page."""
    page = browser.get(link)
    assert page.status_code == 200
    ((action, _, fields),) = [f for f in Forms(page.text).found if f[0].startswith("/in/")]
    assert browser.post(action, data=dict(fields)).status_code == 303
    return browser.get("/konto").status_code == 200

"""Helpers of the `ax tasks` tests: a recording mock, virtual time, and servers that fail."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from string import Template
from threading import Thread
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from axtasks import Clock as ClientClock
from axtasks.mock import Clock, Mock, MockServer
from axtasks.mock import default_world as known

from tests.cli.support import Finished
from tests.dialects import off_the_wire
from tests.worlds import names_alike

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pytest
    from axtasks.mock import MockRequest, MockResponse
    from axtasks.mock.world.model import Task, TaskRun

    from tests.cli.support import Ax

NOW = datetime(2026, 3, 10, 15, tzinfo=UTC)
# Ids by name, as `$NAME` in the commands of the tests.
IDS = {name: value for name, value in vars(known).items() if isinstance(value, str)}
CANCELLED_RUN = "VGFza1J1bjoxMDA6Y0V1Ug=="
FAILED_RUN = "VGFza1J1bjoxMDE6ZkV1Ug=="
EXPERIMENT_RUN = "VGFza1J1bjoxMDI6blN1Ug=="
IDS |= {"CANCELLED_RUN": CANCELLED_RUN, "FAILED_RUN": FAILED_RUN, "EXPERIMENT_RUN": EXPERIMENT_RUN}


@dataclass(frozen=True)
class Asked:
    """One request, and the status of its response."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    status: int


class Journal(Mock):
    """A mock with a frozen clock and similar space names, which records its requests."""

    def __init__(self, *, run_seconds: float = 0) -> None:
        super().__init__(run_seconds=run_seconds, clock=Clock(NOW, frozen=True), world=names_alike())
        self.asked: list[Asked] = []

    def handle(self, request: MockRequest) -> MockResponse:
        """Return the response, and record the request."""
        answer = super().handle(request)
        body = json.loads(request.body) if request.body else None
        query = off_the_wire(dict(parse_qsl(request.query)))
        asked = Asked(request.method, unquote(request.path), query, off_the_wire(body), int(answer.status))
        self.asked.append(asked)
        return answer

    def start_over(self) -> None:
        """Restore the initial world, and clear the record."""
        super().start_over()
        self.asked = []

    @property
    def written(self) -> list[Asked]:
        """The requests that ask for a change."""
        return [asked for asked in self.asked if asked.method != "GET"]

    def task(self, task_id: str = known.CHAT_QUALITY) -> Task:
        """Return a task of the world."""
        task = self.world.tasks.get(task_id)
        assert task is not None
        return task

    def task_named(self, name: str, space_id: str = known.DEMO) -> Task:
        """Return the task of a name in a space."""
        task_id = self.world.task_named(space_id, name)
        assert task_id is not None, f"there is no task {name!r}"
        return self.task(task_id)

    def run(self, run_id: str) -> TaskRun:
        """Return a run of the world."""
        run = self.world.task_runs.get(run_id)
        assert run is not None
        return run


class Servers:
    """Shared servers of the tests, one for each contract, started on first use.

    Args:
        make: makes the mock of a server.
    """

    def __init__(self, make: Callable[[], Mock]) -> None:
        self._make = make
        self._listening: dict[str, MockServer] = {}
        self._open = ExitStack()

    def of(self, contract: str) -> MockServer:
        """Return the server of the mocks' current contract."""
        if contract not in self._listening:
            mock = self._make()
            assert mock.contract == contract
            self._listening[contract] = self._open.enter_context(MockServer(mock))
        return self._listening[contract]

    def fresh(self, contract: str) -> MockServer:
        """Return the server of a contract, restored to its initial world."""
        listening = self.of(contract)
        listening.mock.start_over()
        return listening

    def close(self) -> None:
        """Stop all servers."""
        self._open.close()


@contextmanager
def servers(make: Callable[[], Mock]) -> Iterator[Servers]:
    """Yield shared servers, and stop them at the end."""
    shared = Servers(make)
    try:
        yield shared
    finally:
        shared.close()


def journal_of(server: MockServer) -> Journal:
    """Return the mock behind a server."""
    assert isinstance(server.mock, Journal)
    return server.mock


def tasks(ax: Ax, line: str, *, stdin: str | None = None) -> Finished:
    """Run the command of `ax tasks` in a line, with `$NAME` for the ids of the world."""
    return ax.tasks(*arguments_of(line), stdin=stdin)


def arguments_of(line: str) -> list[str]:
    """Return the arguments in a line, with ids for `$NAME`."""
    return shlex.split(Template(line).safe_substitute(IDS))


def in_a_process(*arguments: str, redirected: str = "") -> Finished:
    """Run a command of `ax` as a program of its own, in the environment of the test.

    Args:
        arguments: the command's.
        redirected: shell redirections of its streams, such as `2>&-`.
    """
    program = [sys.executable, "-c", "from axtasks.cli import main; main(prog_name='ax')", *arguments]
    if redirected:
        program = ["/bin/sh", "-c", f'"$0" "$@" {redirected}', *program]
    done = subprocess.run(program, capture_output=True, encoding="utf-8", stdin=subprocess.DEVNULL, check=False)
    return Finished(done.returncode, done.stdout, done.stderr)


def assert_usage_error(finished: Finished, *said: str) -> None:
    """Assert that a command failed with a usage error and its message, and printed no data."""
    assert (finished.exit_code, finished.stdout) == (2, "")
    for words in said:
        assert words in finished.stderr


def use_virtual_time(
    monkeypatch: pytest.MonkeyPatch, mock: Journal, *, on_pause: Callable[[float], None] | None = None
) -> None:
    """Advance the mock's clock instead of waiting whenever the client pauses.

    Args:
        monkeypatch: the test's.
        mock: the mock, whose clock the client uses as well.
        on_pause: called with each pause.
    """

    def monotonic() -> float:
        return mock.clock.now().timestamp()

    def pause(seconds: float) -> None:
        mock.clock.advance(seconds)
        if on_pause is not None:
            on_pause(seconds)

    monkeypatch.setattr("axtasks.client.Clock", lambda: ClientClock(monotonic=monotonic, sleep=pause))
    monkeypatch.setattr(
        "axtasks.cli.progress.time",
        SimpleNamespace(monotonic=monotonic, time=monotonic, gmtime=time.gmtime, strftime=time.strftime),
    )


@contextmanager
def answering(
    status: int = 200,
    body: bytes | Mapping[str, Any] = b"",
    *,
    headers: Mapping[str, str] | None = None,
    hangs_up: bool = False,
) -> Iterator[str]:
    """Yield the address of a server that gives every request one response.

    Args:
        status: its status.
        body: its body; an object is sent as Problem Details or JSON.
        headers: its headers.
        hangs_up: True to close the connection without a response.
    """
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    kind = "application/problem+json" if status >= 400 else "application/json"

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            if hangs_up:
                self.close_connection = True
                return
            self.send_response_only(status)
            for name, value in {"content-type": kind, **(headers or {}), "content-length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815  # the names http.server looks for

        def log_message(self, *_: object) -> None:
            """Write no access log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()

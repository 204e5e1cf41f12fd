"""Writes with lost responses, and the client's reaction: for tests, and for the page on retries."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx
from axtasks import AxError, Clock, RetryPolicy
from axtasks.mock import Clock as MockClock
from axtasks.mock import Mock, MockTransport

from tests.unit.support import (
    CHAT_PROD,
    CHAT_QUALITY,
    GOLDEN_SET,
    HALLUCINATION,
    LLM_CONFIGURATION,
    START,
    ClientKind,
    Recorder,
    Sent,
    client_over,
)

if TYPE_CHECKING:
    from collections.abc import Callable

WINDOW: dict[str, Any] = {"data_start_time": START - timedelta(days=2), "data_end_time": START - timedelta(days=1)}
Trouble = httpx.Response | Exception


@dataclass(frozen=True)
class Failure:
    """A failure of an attempt.

    Attributes:
        said: its name on the page on retries.
        given: the response or error that the client gets.
        acted: True if the server may have applied the write.
    """

    said: str
    given: Trouble
    acted: bool = True


def _refused(status: int, **headers: str) -> httpx.Response:
    return httpx.Response(status, headers={name.replace("_", "-"): text for name, text in headers.items()})


FAILURES = {
    "never-connected": Failure("never connected", httpx.ConnectError("refused"), acted=False),
    "429": Failure("429", _refused(429, retry_after="2"), acted=False),
    "503-with-wait": Failure("503 with `Retry-After`", _refused(503, retry_after="2"), acted=False),
    "500": Failure("500", _refused(500)),
    "damaged": Failure("damaged answer", httpx.Response(200, content=b'{"id": "VGF')),
    "408": Failure("408", _refused(408)),
    "502": Failure("502", httpx.Response(502, html="<h1>Bad Gateway</h1>")),
    "503": Failure("503", _refused(503)),
    "504": Failure("504", _refused(504)),
    "cut-off": Failure("connection lost", httpx.RemoteProtocolError("Server disconnected without a response.")),
    "reset": Failure("connection lost", httpx.ReadError("reset")),
    "too-slow": Failure("too slow", httpx.ReadTimeout("slow")),
}


class Scene:
    """A mock with a clock of the client, one task of each type, a run, and a client.

    Args:
        client_kind: the kind of client.
        quiet_seconds: the seconds since another client triggered the same. A client that has not read the task before
            can tell the two runs apart only by time.
    """

    def __init__(self, client_kind: ClientKind, *, quiet_seconds: float = 3.0) -> None:
        self.mock = Mock(clock=MockClock(now=START, frozen=True), run_seconds=3600)
        self.door = MockTransport(self.mock)
        self.client_kind = client_kind
        self.naps: list[float] = []
        self.monotonic = 1000.0
        with client_over(self.door) as ax:
            self.experiments = ax.tasks.create_run_experiment_task(
                "Answers", dataset=GOLDEN_SET, run_configuration=LLM_CONFIGURATION
            ).id
            # Something to tell apart from what the call at hand does.
            ax.tasks.trigger_run(CHAT_QUALITY, **WINDOW)
            self.run = ax.tasks.trigger_run(self.experiments, experiment_name="first").id
            self.runs_before = {task: runs_of(ax, task) for task in (CHAT_QUALITY, self.experiments)}
        self.mock.clock.advance(quiet_seconds)

    def pass_time(self, seconds: float) -> None:
        """Let time pass, here and on the server."""
        self.monotonic += seconds
        self.mock.clock.advance(seconds)

    def sleep(self, seconds: float) -> None:
        """Let time pass, and record it."""
        self.naps.append(seconds)
        self.pass_time(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Let time pass, and record it."""
        self.sleep(seconds)

    def transport(self, *troubles: tuple[Trouble, bool]) -> Recorder:
        """Return a transport to the mock that fails the first writes.

        Args:
            troubles: the failure of each of the first writes, and True if the server applies it all the same.
        """
        remaining = iter(troubles)

        def answer(sent: Sent) -> httpx.Response:
            self.pass_time(0.01)
            trouble = next(remaining, None) if sent.is_write else None
            if trouble is None:
                return self.ask(sent)
            given, acts = trouble
            if acts:
                self.ask(sent)
            if isinstance(given, Exception):
                raise given
            return given

        return Recorder(answer)

    def ask(self, sent: Sent) -> httpx.Response:
        """Return the mock's response."""
        request = httpx.Request(
            sent.method, f"http://mock{sent.path}", params=sent.query, headers=sent.headers, content=sent.body
        )
        return self.door.handle_request(request)

    def play(self, call: Call, transport: Recorder, **settings: Any) -> Any:
        """Return a call's result, or the error it raises."""
        clock = Clock(monotonic=lambda: self.monotonic, sleep=self.sleep, sleep_async=self.sleep_async)
        settings = {"retry": RetryPolicy(jitter=lambda: 1.0), "clock": clock, **settings}
        try:
            return self.client_kind.ask(transport, lambda ax: call.make(ax, self), **settings)
        except AxError as error:
            return error

    def effects(self, call: Call) -> int:
        """Return how often a call's effect is found in the world."""
        with client_over(self.door) as ax:
            return call.count(ax, self)


@dataclass(frozen=True)
class Call:
    """A writing call.

    Attributes:
        operation: the operation that writes.
        said: its name on the page on retries.
        looked_for: the trace of it that is read after a lost response, in words of the page on retries.
        make: makes the call.
        count: counts its effects in the world.
        is_repeatable: True if it is idempotent.
        has_no_answer: True if its response has no body that could be damaged.
        shows_late: True if its effect can be told from that of others only when a second attempt is refused.
    """

    operation: str
    said: str
    looked_for: str
    make: Callable[[Any, Scene], Any]
    count: Callable[[Any, Scene], int]
    is_repeatable: bool = True
    has_no_answer: bool = False
    shows_late: bool = False


def runs_of(ax: Any, task: str) -> int:
    """Return the number of runs of a task."""
    return len(list(ax.tasks.list_runs(task)))


def _new_runs(ax: Any, scene: Scene, task: str) -> int:
    return runs_of(ax, task) - scene.runs_before[task]


CALLS = {
    "create-evaluation": Call(
        "create_task",
        "`create_evaluation_task`",
        "the task of that name, with that content, no older than the request",
        lambda ax, _: ax.tasks.create_evaluation_task(
            "New", task_type="template_evaluation", project=CHAT_PROD, evaluators=[HALLUCINATION], sampling_rate=0.5
        ),
        lambda ax, _: sum(task.name == "New" for task in ax.tasks.list()),
    ),
    "create-experiments": Call(
        "create_task",
        "`create_run_experiment_task`",
        "the same",
        lambda ax, _: ax.tasks.create_run_experiment_task(
            "New", dataset=GOLDEN_SET, run_configuration=LLM_CONFIGURATION
        ),
        lambda ax, _: sum(task.name == "New" for task in ax.tasks.list()),
    ),
    "update": Call(
        "update_task",
        "`update`",
        "the task's new values",
        lambda ax, _: ax.tasks.update(CHAT_QUALITY, sampling_rate=0.25, query_filter=None),
        lambda ax, _: int(ax.tasks.get(CHAT_QUALITY).sampling_rate == 0.25),
    ),
    "delete": Call(
        "delete_task",
        "`delete`",
        "the task, which should be gone",
        lambda ax, _: ax.tasks.delete(CHAT_QUALITY),
        lambda ax, _: int(all(task.id != CHAT_QUALITY for task in ax.tasks.list())),
        has_no_answer=True,
    ),
    "trigger-experiment": Call(
        "trigger_task_run",
        "`trigger_run` of a run_experiment task",
        "a run no older than the request, whose experiment has the unique name; without any, left open",
        lambda ax, scene: ax.tasks.trigger_run(scene.experiments, experiment_name="second"),
        lambda ax, scene: _new_runs(ax, scene, scene.experiments),
        shows_late=True,
    ),
    "cancel": Call(
        "cancel_task_run",
        "`cancel_run`",
        "the run's status",
        lambda ax, scene: ax.tasks.cancel_run(scene.run),
        lambda ax, scene: int(ax.tasks.get_run(scene.run).status == "cancelled"),
    ),
    "trigger-evaluation": Call(
        "trigger_task_run",
        "`trigger_run` of an evaluation task",
        "a run no older than the request, with that window, that no other call of this client got",
        lambda ax, _: ax.tasks.trigger_run(CHAT_QUALITY, **WINDOW),
        lambda ax, scene: _new_runs(ax, scene, CHAT_QUALITY),
        is_repeatable=False,
    ),
}


def steps(transport: Recorder) -> list[str]:
    """Return the kinds of steps from the first write on: each write, and each group of reads as one "read"."""
    kinds = ["write" if sent.is_write else "read" for sent in transport.sent]
    del kinds[: kinds.index("write")]
    return [kind for kind, together in itertools.groupby(kinds) for _ in (together if kind == "write" else [kind])]

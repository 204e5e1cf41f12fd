"""The mock itself: one request in, one answer out, whatever door it came through."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from email.utils import format_datetime
from typing import TYPE_CHECKING

from . import auth, contract, control, operations_lookups, operations_tasks, problems, runs
from .call import Answer, Call
from .clock import Clock
from .default_world import default_world
from .messages import Headers, MockRequest, MockResponse
from .problems import RefusalError
from .router import Router
from .state import State

if TYPE_CHECKING:
    from .contract import Operation
    from .world import World

DEFAULT_RUN_SECONDS = 2.0
MOST_RUN_SECONDS = 1_000_000_000
API_PREFIX = "/v2"

Handler = Callable[[Call], Answer]

HANDLERS: dict[str, Handler] = {
    handler.__name__: handler
    for handler in (
        operations_tasks.list_tasks,
        operations_tasks.create_task,
        operations_tasks.get_task,
        operations_tasks.update_task,
        operations_tasks.delete_task,
        operations_tasks.trigger_task_run,
        operations_tasks.list_task_runs,
        operations_tasks.get_task_run,
        operations_tasks.cancel_task_run,
        operations_lookups.list_spaces,
        operations_lookups.get_space,
        operations_lookups.list_projects,
        operations_lookups.get_project,
        operations_lookups.list_datasets,
        operations_lookups.get_dataset,
        operations_lookups.list_experiments,
        operations_lookups.get_experiment,
        operations_lookups.list_evaluators,
        operations_lookups.get_evaluator,
    )
}
"""Operation id to what answers it."""


def _handlers() -> Router[tuple[Operation, Handler]]:
    routes: list[tuple[str, str, tuple[Operation, Handler]]] = []
    for operation in contract.operations().values():
        handler = HANDLERS.get(operation.id)
        if handler is None:
            raise LookupError(f"the contract has an operation {operation.id!r} that the mock does not know")
        routes.append((operation.method, operation.path, (operation, handler)))
    return Router(routes)


class Mock:
    """A server of the Tasks API in memory, with a world, a clock and the documents' rules.

    `run_seconds` is how long a run takes from being triggered to being completed; a fifth of it is spent pending. With
    0 a run is complete when it is first looked at. `clock` and `world` replace the ones a fresh mock starts with, and
    `seed` fixes all chance: identifiers and counts.

        mock = Mock(run_seconds=0)
        mock.handle(MockRequest("GET", "/v2/tasks", headers=(("Authorization", "Bearer any"),)))
    """

    def __init__(
        self,
        *,
        run_seconds: float = DEFAULT_RUN_SECONDS,
        clock: Clock | None = None,
        seed: int = 0,
        world: World | None = None,
    ) -> None:
        if not 0 <= run_seconds <= MOST_RUN_SECONDS:
            raise ValueError(f"run_seconds has to be between 0 and {MOST_RUN_SECONDS}, not {run_seconds}")
        self._pristine = default_world() if world is None else world.copy()
        self._run_seconds = run_seconds
        self._seed = seed
        self._clock = Clock() if clock is None else clock
        self._lock = threading.RLock()
        self._answered = 0
        self._router = _handlers()
        self._state = self._fresh_state()

    @property
    def clock(self) -> Clock:
        """The clock of the mock."""
        return self._clock

    @property
    def state(self) -> State:
        """The present state; it changes under other threads' requests."""
        return self._state

    @property
    def world(self) -> World:
        """The present world; it changes under other threads' requests, and `start_over` replaces it."""
        return self._state.world

    def start_over(self) -> None:
        """Back to the world and the time of the start."""
        with self._lock:
            self._clock.reset()
            self._state = self._fresh_state()

    def handle(self, request: MockRequest) -> MockResponse:
        """The answer to a request; requests of several threads are answered one after another."""
        with self._lock:
            self._answered += 1
            try:
                self._state.now = self._clock.now()
                runs.advance(self._state)
                answer = self._answer(request)
                response = self._respond(answer.status, answer.payload, "application/json", ())
            except RefusalError as refusal:
                body = refusal.body(request.path)
                response = self._respond(refusal.status, body, problems.MEDIA_TYPE, refusal.headers)
        if request.method == "HEAD":
            return MockResponse(response.status, response.headers)
        return response

    def _fresh_state(self) -> State:
        return State(
            world=self._pristine.copy(),
            clock=self._clock,
            run_seconds=self._run_seconds,
            seed=self._seed,
            now=self._clock.now(),
        )

    def _answer(self, request: MockRequest) -> Answer:
        if request.path == control.PREFIX or request.path.startswith(f"{control.PREFIX}/"):
            return control.ROUTER.match(request.method, request.path).handler(self, request)
        if request.path == API_PREFIX or request.path.startswith(f"{API_PREFIX}/"):
            auth.check(request)
        match = self._router.match(request.method, request.path)
        operation, handler = match.handler
        return handler(Call(operation, match.values, request, self._state))

    def _respond(self, status: int, payload: object | None, media_type: str, headers: Headers) -> MockResponse:
        stamped: Headers = (
            ("Date", format_datetime(self._state.now, usegmt=True)),
            ("X-Request-Id", f"req_{self._answered:06d}"),
            *headers,
        )
        if payload is None:
            return MockResponse(status, stamped)
        body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
        return MockResponse(status, (("Content-Type", media_type), *stamped), body)

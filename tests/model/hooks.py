"""Hooks of schemathesis: they adapt requests to the resources of the server, and check every response.

`SCHEMATHESIS_HOOKS=tests.model.hooks` makes the command line load this; tests import it. It does nothing until there
is an active `FuzzSession`.
"""

from __future__ import annotations

import os
from collections import deque
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import schemathesis
from schemathesis.core import NOT_SET
from schemathesis.generation.meta import TestPhase

from tests.dialects import DOCUMENTS, spoken
from tests.model import checks, contract, generator
from tests.model.exchange import Exchange, History, Reply, Server, parse_request
from tests.model.generator_flaws import ID_FIELDS, fits_field
from tests.model.generator_values import any_of, chance
from tests.model.request import RawRequest
from tests.model.response_counts import ResponseCounts
from tests.model.servers import SocketServer

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemathesis import CheckContext, HookContext
    from schemathesis.core.transport import Response
    from schemathesis.generation.case import Case
    from schemathesis.schemas import APIOperation

    from tests.model.contract import Json, Operation
    from tests.model.worlds import World

    AnyCase = Case[APIOperation[Any, Any, Any, Any]]

URL, SEED, COUNTS_FILE, CONTRACT = "AX_FUZZ_URL", "AX_FUZZ_SEED", "AX_FUZZ_REACH", "AX_FUZZ_CONTRACT"
"""The environment variables of a session: the server, the seed, the file for the counts, and the contract."""
GENERATED_SHARE = 0.6
"""The share of requests that are generated here; the others only get ids of existing resources."""
REQUESTS_PER_WORLD = 25
"""The number of requests before the world is reset, outside stateful tests."""
STEPS = (0.001, 1, 2, 5, 10)


@dataclass
class FuzzSession:
    """A fuzzing session: the server under test and its known state."""

    server: Server
    restart: Callable[[], None]
    seed: int = 0
    history: History = field(default_factory=History)
    counts: ResponseCounts = field(default_factory=ResponseCounts)
    before: World | None = None
    after: World | None = None
    count: int = 0
    recent: deque[tuple[Response, Exchange]] = field(default_factory=lambda: deque(maxlen=16))

    def reset(self) -> None:
        """Restore the initial world."""
        self.restart()
        self.history = History(requests=self.history.requests)
        self.after = None
        self.count = 0

    def snapshot(self) -> World:
        """Return the current world, from a cache if nothing has happened since the last snapshot."""
        if self.after is None:
            self.after = self.server.snapshot()
        return self.after

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.server.advance(seconds)
        self.after = None

    def exchange_of(self, response: Response) -> Exchange:
        """Return the exchange of a recent response.

        Raises:
            LookupError: the response is not a recent one, so it would go unchecked.
        """
        for known, exchange in self.recent:
            if known is response:
                return exchange
        raise LookupError("the response is not among the recent ones of the session")


class ActiveSession:
    """The active fuzzing session, if any."""

    current: FuzzSession | None = None


def _operation(case: AnyCase) -> Operation | None:
    where = case.method, case.path
    return next((each for each in contract.operations().values() if (each.method, each.path) == where), None)


def describe(case: AnyCase) -> str:
    """Return a description of a request that is the same in every process."""
    return repr((case.path, case.path_parameters, case.query, "no body" if case.body is NOT_SET else case.body))


@schemathesis.hook
def before_call(_: HookContext, case: AnyCase, __: dict[str, Json]) -> None:
    """Take a snapshot of the world, and adapt the request to its resources."""
    session = ActiveSession.current
    if session is None:
        return
    if None in case.query.values():
        # A null that a link found is not sent: schemathesis would expect it to be refused.
        case.query = {name: value for name, value in case.query.items() if value is not None}
    phase = None if case.meta is None else case.meta.phase.name
    rng = Random(f"{session.seed}:{describe(case)}")  # noqa: S311  # the same request is led to the same place
    operation = _operation(case)
    if phase is not TestPhase.STATEFUL and (session.count >= REQUESTS_PER_WORLD or _is_used_up(session, operation)):
        session.reset()
    session.count += 1
    if chance(rng, 0.3):
        session.advance(any_of(rng, STEPS))
    session.before = session.snapshot()
    if operation is None or case.meta is None:
        return
    is_free = case.meta.generation.mode.is_positive and phase in {TestPhase.FUZZING, TestPhase.STATEFUL}
    _adapt(rng, session, session.before, case, operation, is_free=is_free)


def _is_used_up(session: FuzzSession, operation: Operation | None) -> bool:
    """Return True if no resource is left on which the operation could succeed."""
    runs = session.snapshot().of("task_runs")
    is_cancelling = operation is not None and operation.id == "cancel_task_run"
    return is_cancelling and all(run["status"] in contract.TERMINAL for run in runs)


def _adapt(
    rng: Random, session: FuzzSession, world: World, case: AnyCase, operation: Operation, *, is_free: bool
) -> None:
    ids = {name: str(text) for name, text in (case.path_parameters or {}).items()}
    is_stateful = case.meta is not None and case.meta.phase.name is TestPhase.STATEFUL
    body = _with_ids(rng, world, case.body)
    # In a stateful test schemathesis takes changed path ids for the result of a link.
    if ids and not is_stateful and chance(rng, 0.85):
        ids = generator.path_ids(rng, operation, world)
        if isinstance(body, dict):
            ids = generator.applicable_path(rng, operation, world, ids, body)
    if is_free and chance(rng, GENERATED_SHARE):
        made = generator.generate(
            rng, operation, world, session.history, fitting=True, path=ids if is_stateful else None
        )
        case.path_parameters, case.query = made.path, made.query
        if made.body is not None or case.body is not NOT_SET:
            # If there was a body before, schemathesis takes a missing one for a mistake.
            case.body, case.media_type = made.body or {}, "application/json"
        return
    if ids != case.path_parameters:
        case.path_parameters = ids
    if any(_is_id(operation, name, text) for name, text in case.query.items()):
        case.query = {
            name: generator.filter_id(rng, operation, name, world, ids)
            if _is_id(operation, name, text) and chance(rng, 0.85)
            else text
            for name, text in case.query.items()
        }
    if isinstance(body, dict):
        for field in ("name", "experiment_name"):
            if isinstance(name := body.get(field), str) and name and chance(rng, 0.8):
                body[field] = f"{name} {session.count}"
        case.body = body


def _is_id(operation: Operation, name: str, text: object) -> bool:
    return name in operation.filter_kinds and isinstance(text, str)


def _with_ids(rng: Random, world: World, value: Json, field: str = "") -> Json:
    """Replace unknown ids in a body by ids of existing resources."""
    if isinstance(value, dict):
        return {name: _with_ids(rng, world, each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [_with_ids(rng, world, each, field) for each in value]
    if field in ID_FIELDS and isinstance(value, str) and not world.holds(value) and chance(rng, 0.85):
        things = [each for each in world.of(ID_FIELDS[field]) if fits_field(field, each)]
        return any_of(rng, things)["id"] if things else value
    return value


def _raw_request(response: Response) -> RawRequest:
    """Return the raw request of a response."""
    request = response.request
    url, body = urlsplit(str(request.url)), request.body or b""
    if not isinstance(body, str | bytes):
        raise TypeError(f"a body in one piece is wanted, not {type(body).__name__}")
    return RawRequest(
        method=str(request.method),
        path=url.path,
        query=url.query,
        headers={
            name: value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()
        },
        body=body.encode() if isinstance(body, str) else body,
    )


@schemathesis.hook
def after_call(_: HookContext, case: AnyCase, response: Response) -> None:
    """Take a snapshot of the world after the call, and count the response."""
    session = ActiveSession.current
    if session is None or session.before is None:
        return
    raw = _raw_request(response)
    headers = {name: values[0] for name, values in response.headers.items()}
    reply = Reply(response.status_code, headers, response.content)
    request = parse_request(raw, session.before, session.history)
    session.after = None
    exchange = Exchange(session.server, session.history, raw, request, reply, session.before, session.snapshot())
    session.recent.append((response, exchange))
    if request is not None:
        is_positive = case.meta is not None and case.meta.generation.mode.is_positive and request.is_authenticated
        session.counts.record(request.name, reply.status, fits=is_positive)
        _keep(session)


def _keep(session: FuzzSession) -> None:
    """Write the counts to the file that the parent process reads."""
    if COUNTS_FILE in os.environ:
        Path(os.environ[COUNTS_FILE]).write_text(session.counts.to_json(), encoding="utf-8")


def _register(check: checks.Check) -> None:
    @wraps(check)
    def checked(_: CheckContext, response: Response, __: AnyCase) -> None:
        if ActiveSession.current is not None:
            check(ActiveSession.current.exchange_of(response))

    # With the attribute that `wraps` sets, schemathesis would inspect the wrapped function instead.
    del checked.__wrapped__
    schemathesis.check(checked)


for each in checks.CHECKS:
    _register(each)


def from_environment() -> None:
    """Start the session that the environment variables describe."""
    if URL in os.environ:
        spoken.contract = os.environ.get(CONTRACT, DOCUMENTS)
        server = SocketServer(os.environ[URL])
        ActiveSession.current = FuzzSession(server, server.reset, int(os.environ.get(SEED, "0")))


from_environment()

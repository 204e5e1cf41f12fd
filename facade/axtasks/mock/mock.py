"""The mock itself: one request in, one answer out, whatever door it came through."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import replace
from email.utils import format_datetime
from typing import TYPE_CHECKING

from . import problems
from .admin import routes
from .clock import Clock
from .contract import contract as served
from .faults.injector import NO_DISRUPTION, Disruption, Disruptions
from .journal.exchange import Exchange
from .journal.journal import Journal, masked
from .messages import Headers, MockRequest, MockResponse
from .operations import authentication, registry
from .operations.rendering import encode
from .operations.request import Answer, Call
from .problems import RefusalError
from .simulation import runs
from .simulation.state import Lifecycles, State
from .world import visibility
from .world.api_keys import Key, distinct
from .world.default_world import unchanged_default_world
from .world.lifecycle import Lifecycle, of_seconds, parse
from .world.names import Worlds
from .world.world import World

if TYPE_CHECKING:
    from .faults.fault import Fault
    from .faults.registry import Faults
    from .storage import Store
    from .suggestions import Known

DEFAULT_RUN_SECONDS = 2.0
API_PREFIX = "/v2"
READS = {"GET", "HEAD"}


def _is_below(prefix: str, request: MockRequest) -> bool:
    return request.path == prefix or request.path.startswith(f"{prefix}/")


def _lifecycle(run_seconds: float | None, text: str | Lifecycle | None) -> Lifecycle | None:
    if run_seconds is not None and text is not None:
        raise ValueError("run_seconds and lifecycle say the same thing: give one of them")
    if run_seconds is not None:
        return of_seconds(run_seconds)
    return parse(text) if isinstance(text, str) else text


class Mock:
    """A server of the Tasks API in memory, with a world, a clock and the documents' rules.

    `run_seconds` is how long a run takes from being triggered to being completed; a fifth of it is spent pending. With
    0 a run is complete when it is first looked at. `lifecycle` says more: `immediate`, `time:2`, `reads:3` or `manual`,
    and how runs end, such as `reads:3 failed`. `keys` are the only API keys that are let in, with what they may do.
    Both go before what the world says. `contract` is the name of the contract that is served, `documents` or `beta`;
    the first if nothing is said. `clock` and `world` replace the ones a fresh mock starts with, and `seed` fixes
    all chance: identifiers, counts, and which requests a fault with a `chance` hits. `faults` are scripts (or values)
    of what is to go wrong, `limit` is how many requests are let in, such as `10/s`, and `latency_seconds` is how late
    every answer of the API is. `lenient` lets query parameters pass that an operation does not have (J34).
    A `store` keeps the state: what it has already is taken over, and whatever a request changes is kept before the
    request is answered.

        mock = Mock(run_seconds=0)
        mock.handle(MockRequest("GET", "/v2/tasks", headers=(("Authorization", "Bearer any"),)))
    """

    def __init__(
        self,
        *,
        run_seconds: float | None = None,
        lifecycle: str | Lifecycle | None = None,
        keys: Iterable[Key] = (),
        contract: str | None = None,
        clock: Clock | None = None,
        seed: int = 0,
        world: World | None = None,
        faults: str | Iterable[str | Fault] = (),
        limit: str | None = None,
        latency_seconds: float = 0,
        lenient: bool = False,
        store: Store | None = None,
    ) -> None:
        check_world(world)
        check_clock(clock)
        check_lifecycle(lifecycle)
        check_seconds("run_seconds", run_seconds)
        check_seconds("latency_seconds", latency_seconds)
        self._contract = served.of(contract or served.DEFAULT)
        self._pristine = unchanged_default_world() if world is None else world.copy()
        self._lifecycle = _lifecycle(run_seconds, lifecycle)
        self._keys = distinct(check_keys(keys))
        self._seed = seed
        self._clock = Clock() if clock is None else clock
        self._lock = threading.RLock()
        self._lenient = lenient
        self._answered = 0
        self._journal = Journal(known=Worlds(lambda: (self.world, self._pristine), self._lock), contract=self._contract)
        self._disruptions = Disruptions(faults, limit, latency_seconds, seed=seed)
        self._router = registry.router(self._contract)
        self._state = self._fresh_state()
        self._store = store
        if store is not None:
            store.attach(self._state)
            self._state.lifecycles = self.starting_lifecycles.overlaid(self._state.lifecycles)

    @property
    def contract(self) -> str:
        """The name of the contract that is served."""
        return self._contract.name

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

    @property
    def starting_lifecycles(self) -> Lifecycles:
        """The lifecycles of runs as they were at the start, before any orders."""
        return self._lifecycles_of(self.world)

    @property
    def journal(self) -> Journal:
        """What was asked and answered, but for the mock's own operations."""
        return self._journal

    @property
    def faults(self) -> Faults:
        """The armed faults."""
        return self._disruptions.faults

    @property
    def limit(self) -> str | None:
        """How many requests are let in, such as `10/s`; None for any number. It can be set."""
        return self._disruptions.limit

    @limit.setter
    def limit(self, text: str | None) -> None:
        with self._lock:
            self._disruptions.limit = text

    @property
    def latency_seconds(self) -> float:
        """How late every answer of the API is. It can be set."""
        return self._disruptions.latency_seconds

    @latency_seconds.setter
    def latency_seconds(self, seconds: float) -> None:
        self._disruptions.latency_seconds = seconds

    def nearest(self, method: str, path: str) -> Known:
        """The operation that a request came closest to."""
        return self._router.nearest(method, path)

    def play(self, world: World) -> None:
        """Go on with another world, as it says; the time goes on, and `start_over` still leads to that of the start."""
        with self._lock:
            if world is not self.world:
                world.follow(self.world)
            self._state.play(world, self._lifecycles_of(world))
            self._keep()

    def start_over(self) -> None:
        """Back to the world, the time, the faults, the limit and the latency of the start, with an empty journal."""
        with self._lock:
            self._clock.reset()
            state = self._fresh_state()
            state.world.follow(self.world)
            self._state = state
            self._keep()
            self._disruptions.reset()
            self._journal.clear()

    def handle(self, request: MockRequest) -> MockResponse:
        """The answer to a request; requests of several threads are answered one after another."""
        with self._lock:
            self._answered += 1
            self._state.now = self._clock.now()
            runs.advance(self._state)
            operation = self._operation_of(request)
            disruption = self._disruption_of(request, operation)
            try:
                response = self._kept(request, disruption)
            except RefusalError as refusal:
                response = self._refuse(request, refusal)
            if request.method == "HEAD":
                response = replace(response, body=b"")
            self._record(request, operation, response, disruption.text)
        return response

    def _kept(self, request: MockRequest, disruption: Disruption) -> MockResponse:
        """Answer a request, and keep what it changed; a write that cannot be kept leaves no trace.

        Reads go on without: what the clock moved meanwhile is kept together with a later write.
        """
        is_read = request.method in READS
        if not is_read:
            self._keep()
        response = disruption.answer(
            request, self._carry_out, lambda refusal: self._refuse(request, refusal), self._look_up
        )
        try:
            self._keep()
        except RefusalError:
            if not is_read:
                self._restore()
                raise
        return response

    def _restore(self) -> None:
        if self._store is not None:
            world = self.world
            self._store.restore(self._state)
            self.world.follow(world)
            self._state.lifecycles = self.starting_lifecycles.overlaid(self._state.lifecycles)

    def _fresh_state(self) -> State:
        visibility.check_spaces(self._pristine, self._keys)
        return State(
            world=self._pristine.copy(),
            contract=self._contract,
            clock=self._clock,
            lifecycles=self._lifecycles_of(self._pristine),
            seed=self._seed,
            now=self._clock.now(),
        )

    def _lifecycles_of(self, world: World) -> Lifecycles:
        settings = world.settings
        default = self._lifecycle or settings.lifecycle or Lifecycle(seconds=DEFAULT_RUN_SECONDS)
        return Lifecycles(default, dict(settings.task_lifecycles))

    def _keep(self) -> None:
        if self._store is not None:
            self._store.commit(self._state)

    def _record(self, request: MockRequest, operation: str | None, response: MockResponse, fault: str | None) -> None:
        if routes.is_control(request.path):
            return
        self._journal.record(
            Exchange(
                number=self._journal.last_number + 1,
                at=self._state.now,
                operation=operation,
                method=request.method,
                path=request.path,
                query=request.query,
                request_headers=masked(request.headers),
                request_body=request.body,
                status=response.status,
                response_headers=response.headers,
                response_body=response.body,
                fault=fault,
            )
        )

    def _disruption_of(self, request: MockRequest, operation: str | None) -> Disruption:
        if not _is_below(API_PREFIX, request):
            return NO_DISRUPTION
        return self._disruptions.strike(request, operation, self._state.now)

    def _operation_of(self, request: MockRequest) -> str | None:
        try:
            return self._router.match(request.method, request.path).handler[0].id
        except RefusalError:
            return None

    def _carry_out(self, request: MockRequest) -> MockResponse:
        try:
            answer = self._answer(request)
        except RefusalError as refusal:
            return self._refuse(request, refusal)
        return self._respond(answer.status, answer.payload, answer.media_type, ())

    def _look_up(self, request: MockRequest) -> MockResponse:
        """The answer to a request that nobody sent: no run notices that it was looked at."""
        self._state.is_watched = False
        try:
            return self._carry_out(request)
        finally:
            self._state.is_watched = True

    def _refuse(self, request: MockRequest, refusal: RefusalError) -> MockResponse:
        return self._respond(
            refusal.status,
            refusal.body(request.path, with_code=self._tells_codes(request)),
            problems.MEDIA_TYPE,
            refusal.headers,
        )

    def _tells_codes(self, request: MockRequest) -> bool:
        """Whether the problems of what was asked for have codes; those of the mock's own operations have none."""
        return not routes.is_control(request.path) and "error_code" in self._contract.properties("Problem")

    def _answer(self, request: MockRequest) -> Answer:
        if routes.is_control(request.path):
            return routes.answer(self, request)
        if _is_below(API_PREFIX, request):
            self._state.sight = visibility.of_key(self._state.world, authentication.check(request, self._listed_keys()))
        match = self._router.match(request.method, request.path)
        operation, handler = match.handler
        call = Call(operation, match.values, request, self._state)
        if not self._lenient:
            call.check_parameters()
        return handler(call)

    def _listed_keys(self) -> dict[str, Key]:
        return {key.token: key for key in self._keys or self._state.world.settings.keys}

    def _respond(self, status: int, payload: object | None, media_type: str, headers: Headers) -> MockResponse:
        stamped: Headers = (
            ("Date", format_datetime(self._state.now, usegmt=True)),
            ("X-Request-Id", f"req_{self._answered:06d}"),
            *headers,
        )
        if payload is None:
            return MockResponse(status, stamped)
        body = payload if isinstance(payload, bytes) else encode(payload)
        return MockResponse(status, (("Content-Type", media_type), *stamped), body)


def check_world(world: object) -> None:
    """Refuse what is no world, such as the name of a file that one could be loaded from."""
    if isinstance(world, str):
        raise TypeError(f"world has to be a World, such as load_world({world!r}), not {world!r}")
    if not isinstance(world, World | None):
        raise TypeError(f"world has to be a World, such as load_world(...) makes, not a {type(world).__name__}")


def check_clock(clock: object) -> None:
    """Refuse what is no clock, such as a moment that one could start at."""
    if not isinstance(clock, Clock | None):
        wanted = "a Clock, such as Clock(datetime(2026, 3, 10, 15, tzinfo=UTC))"
        raise TypeError(f"clock has to be {wanted}, not {clock!r}")


def check_keys(keys: object) -> tuple[Key, ...]:
    """The keys; what is none is not shown, as it may well be a secret."""
    wanted = "keys has to be a list of keys, such as [axtasks.mock.keys.Key('...')]"
    if isinstance(keys, str) or not isinstance(keys, Iterable):
        raise TypeError(f"{wanted}, not a {type(keys).__name__}")
    listed = tuple(keys)
    found = tuple(each for each in listed if isinstance(each, Key))
    if len(found) < len(listed):
        kinds = sorted({type(each).__name__ for each in listed if not isinstance(each, Key)})
        raise TypeError(f"{wanted}, not of {', '.join(kinds)}")
    return found


def check_lifecycle(lifecycle: object) -> None:
    """Refuse what is no lifecycle, and no text of one."""
    if not isinstance(lifecycle, str | Lifecycle | None):
        raise TypeError(f"lifecycle has to be text such as 'reads:3', not {lifecycle!r}")


def check_seconds(name: str, value: object) -> None:
    """Refuse what is no number, such as the text of one."""
    if not isinstance(value, int | float | None) or isinstance(value, bool):
        raise TypeError(f"{name} has to be a number of seconds, such as 2 or 0.5, not {value!r}")

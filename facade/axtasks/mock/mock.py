"""The mock: one request in, one response out, by socket, by transport or by call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from email.utils import format_datetime
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import unquote

from .admin import access, routes
from .admin.controls import Controls
from .clock import Clock
from .contract import contract as contracts
from .faults import effects
from .faults.fault import FaultKind
from .faults.injector import NO_DISRUPTION, Disruption, Injector
from .journal.exchange import Exchange
from .journal.journal import masked
from .messages import Headers, MockRequest, MockResponse
from .operations import authentication
from .operations.rendering import Encoded, encode
from .operations.request import Call, Result, check_parameters
from .problems import MEDIA_TYPE, RefusalError, as_declared
from .simulation import runs
from .world import visibility
from .world.api_keys import ApiKey, distinct
from .world.default_world import unchanged_default_world
from .world.lifecycle import Lifecycle, of_seconds, parse
from .world.world import World

if TYPE_CHECKING:
    from .contract.contract import Operation
    from .faults.fault import Fault
    from .operations.registry import Handler
    from .storage import StateFile

API_PREFIX = "/v2"


class MockOptions(TypedDict, total=False):
    """The options of `Mock`, for those who make one."""

    run_seconds: float | None
    lifecycle: str | Lifecycle | None
    keys: Iterable[ApiKey]
    contract: str | None
    clock: Clock | None
    seed: int
    world: World | None
    faults: str | Iterable[str | Fault]
    limit: str | None
    latency_seconds: float
    lenient: bool
    store: StateFile | None


def is_below(prefix: str, path: str) -> bool:
    """Return whether a path is a prefix, or goes on from it, once it is decoded as routers do."""
    if "%" in path:
        # Only as much of it as the prefix takes where each character is escaped: whole paths take 9 us each.
        path = unquote(path[: 3 * len(prefix) + 3])
    return path.startswith(prefix) and path[len(prefix) : len(prefix) + 1] in {"", "/"}


@dataclass(slots=True)
class RoutedRequest:
    """A request with the operation that it is for, or why it is for none, and what is to go wrong with it.

    Requests to the admin API have no route here: it has one of its own. `operation` is the operation's id, or None.
    """

    request: MockRequest
    route: tuple[tuple[Operation, Handler], Mapping[str, str]] | RefusalError | None
    operation: str | None = None
    disruption: Disruption = NO_DISRUPTION

    @property
    def is_read(self) -> bool:
        """True if it asks for no change."""
        return self.request.method in {"GET", "HEAD"}


class Mock(Controls):
    """A server of the Tasks API in memory, with a world, a clock and the documents' rules::

        mock = Mock(run_seconds=0)
        mock.handle(MockRequest("GET", "/v2/tasks", headers=(("Authorization", "Bearer any"),)))

    What `run_seconds`, `lifecycle` and `keys` say goes before what the world says.

    Args:
        run_seconds: how long a run takes from being triggered to being completed; a fifth of it is spent pending. With
            0 a run is complete when it is first looked at.
        lifecycle: how runs go on and end, instead: `immediate`, `time:2`, `reads:3` or `manual`, as in
            `reads:3 failed`.
        keys: the only API keys that are let in, with what they may do.
        contract: the contract that is served, `documents` or `beta`; the first if nothing is said.
        clock: the clock to start with; a running one at the real time when left out.
        seed: fixes all chance: identifiers, counts, and which requests a fault with a `chance` hits.
        world: the world to start with; the default world when left out.
        faults: scripts (or values) of what is to go wrong.
        limit: how many requests are let in, such as `10/s`.
        latency_seconds: how late every answer of the API is.
        lenient: lets query parameters pass that an operation does not have (J34).
        store: keeps the state: what it has already is taken over, and whatever a request changes is kept before the
            request is answered.
    """

    def __init__(
        self,
        *,
        run_seconds: float | None = None,
        lifecycle: str | Lifecycle | None = None,
        keys: Iterable[ApiKey] = (),
        contract: str | None = None,
        clock: Clock | None = None,
        seed: int = 0,
        world: World | None = None,
        faults: str | Iterable[str | Fault] = (),
        limit: str | None = None,
        latency_seconds: float = 0,
        lenient: bool = False,
        store: StateFile | None = None,
    ) -> None:
        _check_world(world)
        _check("clock", clock, Clock | None, "a Clock, such as Clock(datetime(2026, 3, 10, 15, tzinfo=UTC))")
        _check("lifecycle", lifecycle, str | Lifecycle | None, "text such as 'reads:3'")
        _check("limit", limit, str | None, "text such as '10/s'")
        for name, seconds in (("run_seconds", run_seconds), ("latency_seconds", latency_seconds)):
            _check(name, seconds, int | float | None, "a number of seconds, such as 2 or 0.5")
        if run_seconds is not None and lifecycle is not None:
            raise ValueError("run_seconds and lifecycle say the same thing: give one of them")
        lifecycle = lifecycle if run_seconds is None else of_seconds(run_seconds)
        self._answered = 0
        self._lenient = lenient
        super().__init__(
            contract=contracts.of(contract or contracts.DEFAULT),
            pristine=unchanged_default_world() if world is None else world.copy(),
            clock=Clock() if clock is None else clock,
            seed=seed,
            lifecycle=parse(lifecycle) if isinstance(lifecycle, str) else lifecycle,
            keys=_checked_keys(keys),
            injector=Injector(faults, limit, latency_seconds, seed=seed),
            store=store,
        )

    def handle(self, request: MockRequest) -> MockResponse:
        """Answer a request; those of several threads are answered one after another."""
        with self._lock:
            routed = self._begin(request)
            try:
                self._check_store(routed)
                response = self._prevent(routed) or self._carry_out(routed)
                response = self._alter(routed, response)
                self._keep(routed)
            except RefusalError as refusal:
                response = self._refuse(request, refusal)
            self._record(routed, response)
        return response

    def _begin(self, request: MockRequest) -> RoutedRequest:
        """Read the clock, do what was due by now, and find the operation and what is to go wrong."""
        self._answered += 1
        self._state.now = self.clock.now()
        runs.advance(self._state)
        routed = self._route(request)
        if is_below(API_PREFIX, request.path):
            routed.disruption = self._injector.strike(request, routed.operation, self._state.now)
        return routed

    def _route(self, request: MockRequest) -> RoutedRequest:
        if is_below(routes.PREFIX, request.path):
            return RoutedRequest(request, None)
        try:
            route = self._router.match(request.method, request.path)
            return RoutedRequest(request, route, operation=route[0][0].id)
        except RefusalError as refusal:
            return RoutedRequest(request, refusal)

    def _check_store(self, routed: RoutedRequest) -> None:
        """Refuse a write while even what happened before it cannot be kept."""
        if self._store is not None and not routed.is_read:
            self._store.commit(self._state)

    def _prevent(self, routed: RoutedRequest) -> MockResponse | None:
        """Answer for a fault or the limit, where one keeps the request from being carried out."""
        fault = routed.disruption.preventing
        if fault is not None:
            return effects.instead(fault, self._refuse(routed.request, effects.refusal(fault)))
        refusal = routed.disruption.refusal
        return None if refusal is None else self._refuse(routed.request, refusal)

    def _carry_out(self, routed: RoutedRequest) -> MockResponse:
        """Answer by the admin API, or by the operation."""
        try:
            access.check(routed.request)
            result = routes.answer(self, routed.request) if routed.route is None else self._operate(routed)
        except RefusalError as refusal:
            return self._refuse(routed.request, refusal)
        return self._respond(result.status, result.payload, result.media_type, ())

    def _operate(self, routed: RoutedRequest) -> Result:
        if is_below(API_PREFIX, routed.request.path):
            listed = {key.token: key for key in self._keys or self._state.world.settings.keys}
            key = authentication.check(routed.request, listed)
            self._state.visibility = visibility.of_key(self._state.world, key)
        if routed.route is None or isinstance(routed.route, RefusalError):
            raise routed.route or LookupError("requests to the admin API are for none of the API's operations")
        (operation, handler), values = routed.route
        check_parameters(routed.request.query, operation.query, operation.id, lenient=self._lenient)
        try:
            return handler(Call(operation, values, routed.request, self._state))
        except RefusalError as refusal:
            raise as_declared(refusal, operation.statuses) from None

    def _alter(self, routed: RoutedRequest, response: MockResponse) -> MockResponse:
        """Let faults, latency and `HEAD` change the response."""
        fault = routed.disruption.fault
        if fault is not None and fault.kind is FaultKind.DUPLICATE_PAGE:
            response = self._page_before(routed.request, response)
        elif fault is not None:
            response = effects.altered(fault, response)
        if routed.disruption.latency_seconds:
            response = replace(response, delivery=response.delivery.later(routed.disruption.latency_seconds))
        return replace(response, body=b"") if routed.request.method == "HEAD" else response

    def _page_before(self, request: MockRequest, response: MockResponse) -> MockResponse:
        """Find the page before by requests that nobody sent: they count as no read of a run."""
        search = effects.page_before(request, response)
        self._state.is_watched = False
        try:
            wanted = next(search)
            while True:
                wanted = search.send(self._carry_out(self._route(wanted)))
        except StopIteration as found:
            page: MockResponse = found.value
            return page
        finally:
            self._state.is_watched = True

    def _keep(self, routed: RoutedRequest) -> None:
        """Keep what the request changed; refuse and undo a write that cannot be kept.

        Reads go on without: what the clock moved meanwhile is kept together with a later write.
        """
        if self._store is not None and not routed.is_read:
            self._commit()
        elif self._store is not None:
            with suppress(RefusalError):
                self._store.commit(self._state)

    def _record(self, routed: RoutedRequest, response: MockResponse) -> None:
        """Add the request and its response to the journal, which is about the API alone."""
        request = routed.request
        if routed.route is None:
            return
        self.journal.record(
            Exchange(
                number=self.journal.last_number + 1,
                at=self._state.now,
                operation=routed.operation,
                method=request.method,
                path=request.path,
                query=request.query,
                request_headers=masked(request.headers),
                request_body=request.body,
                status=response.status,
                response_headers=response.headers,
                response_body=response.body,
                fault=routed.disruption.text,
            )
        )

    def _refuse(self, request: MockRequest, refusal: RefusalError) -> MockResponse:
        has_codes = not is_below(routes.PREFIX, request.path) and "error_code" in self._contract.properties("Problem")
        body = refusal.body(request.path, with_code=has_codes)
        return self._respond(refusal.status, body, MEDIA_TYPE, refusal.headers)

    def _respond(self, status: int, payload: object | None, media_type: str, headers: Headers) -> MockResponse:
        stamped: Headers = (
            ("Date", format_datetime(self._state.now, usegmt=True)),
            ("X-Request-Id", f"req_{self._answered:06d}"),
            *headers,
        )
        if payload is None:
            return MockResponse(status, stamped)
        body = payload.text if isinstance(payload, Encoded) else encode(payload)
        return MockResponse(status, (("Content-Type", media_type), *stamped), body)


def _check(name: str, value: object, types: object, wanted: str) -> None:
    """Refuse an argument of another type at the call, and not in a request that nobody would connect with it."""
    if isinstance(value, bool) or not isinstance(value, types):  # type: ignore[arg-type]  # unions are allowed since 3.10
        raise TypeError(f"{name} has to be {wanted}, not {value!r}")


def _check_world(world: object) -> None:
    if isinstance(world, str):
        raise TypeError(f"world has to be a World, such as load_world({world!r}), not {world!r}")
    if not isinstance(world, World | None):
        raise TypeError(f"world has to be a World, such as load_world(...) makes, not a {type(world).__name__}")


def _checked_keys(keys: object) -> tuple[ApiKey, ...]:
    """Return the keys; what is none is not shown, as it may well be a secret."""
    wanted = "keys has to be a list of keys, such as [axtasks.mock.keys.Key('...')]"
    if isinstance(keys, str) or not isinstance(keys, Iterable):
        raise TypeError(f"{wanted}, not a {type(keys).__name__}")
    listed = tuple(keys)
    kinds = sorted({type(each).__name__ for each in listed if not isinstance(each, ApiKey)})
    if kinds:
        raise TypeError(f"{wanted}, not of {', '.join(kinds)}")
    return distinct(listed)

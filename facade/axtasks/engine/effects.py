"""Effects: the requests, waits and locks that a flow yields, and the driver performs.

A flow is a generator that holds the logic of a call and does no I/O: it yields effects and is handed their outcomes.
`drivers` performs the effects, once blocking and once awaiting, so no logic is written twice.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, ParamSpec, Protocol, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

    from axtasks_api_beta.operation import Operation, PreparedRequest

    from axtasks.concurrency import SingleFlight
    from axtasks.config.options import Timeouts
    from axtasks.errors import AxError
    from axtasks.transport.models import Response

    from .caches import CachedId, NameCache, NameKey
    from .context import ClientContext

T = TypeVar("T")
P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Applied(Generic[T]):
    """The write was carried out, and this is what it answered or would have answered."""

    value: T


@dataclass(frozen=True, slots=True)
class NotObserved:
    """Nothing shows that the write was carried out.

    Attributes:
        candidates: what would have come of it if clocks go differently, as models.
    """

    candidates: Sequence[object] = ()


@dataclass(frozen=True, slots=True)
class Undecided:
    """Something happened, but whether it was this write cannot be told.

    Attributes:
        reason: why not.
        candidates: what may have come of it, as models.
    """

    reason: str
    candidates: Sequence[object] = ()


class OutcomeProbe(Protocol[T]):
    """How to find out what became of a write whose answer was lost."""

    @property
    def is_repeatable(self) -> bool:
        """Whether sending it twice comes to the same as sending it once, as a unique name or an id makes sure."""
        ...

    def look(
        self, context: ClientContext, sent_at: float, *, refused: bool
    ) -> Flow[Applied[T] | NotObserved | Undecided]:
        """What reading tells.

        Args:
            context: what the flows of the client share.
            sent_at: the monotonic time in seconds at which the write was first sent.
            refused: whether it was sent again, and refused in a way that may be the trace of an earlier attempt.
        """
        ...

    def may_echo(self, error: AxError) -> bool:
        """Whether a refusal of a repeated write may be the trace of an earlier attempt that was carried out."""
        ...


# Eleven days; clocks can only be told to wait for so long.
LONGEST_SLEEP_SECONDS = 1_000_000.0
_NO_ARGUMENTS: Mapping[str, Any] = MappingProxyType({})


class Send(NamedTuple, Generic[T]):
    """Ask this of the server, with as many attempts as it takes and the client's policy allows.

    Attributes:
        operation: writes the request, in the dialect of the server, and reads the answer.
        args: what to ask for: the positional arguments of the operation.
        kwargs: its other arguments.
        within_seconds: the longest it may take in all; what is left to the call when None.
        attempts: how often it may be sent; as often as the client's policy says when None.
        probe: how to find out what became of a write whose answer was lost; None for reads.
    """

    operation: Operation[..., T]
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = _NO_ARGUMENTS
    within_seconds: float | None = None
    attempts: int | None = None
    probe: OutcomeProbe[T] | None = None


class Attempt(NamedTuple, Generic[T]):
    """Send this request once and read the answer with its operation.

    Attributes:
        operation: reads the answer.
        request: what to send.
        timeouts: how long it may take.
        strict: whether an answer that goes beyond the contract is an error.
        on_answer: is shown the answer as it came.
    """

    operation: Operation[Any, T]
    request: PreparedRequest
    timeouts: Timeouts
    strict: bool = False
    on_answer: Callable[[Response], None] | None = None


class Sleep(NamedTuple):
    """Let this time pass."""

    seconds: float


class Now(NamedTuple):
    """Tell the monotonic time in seconds."""


class GetDriver(NamedTuple):
    """Tell which driver this is, for results that go on sending later."""


class WithLock(NamedTuple):
    """Run this flow while nobody else has the turn, and hand back its result.

    Attributes:
        turn: what one has at a time.
        flow: what to run.
        within_seconds: the longest to wait for the turn; a `TurnTimeoutError` says that it was not enough.
    """

    turn: SingleFlight
    flow: Flow[Any]
    within_seconds: float


class UseCached(NamedTuple):
    """Tell whether this may be gone by, which was looked up by an earlier call; if so, it is noted with the call.

    Attributes:
        names: what remembers it.
        key: the name.
        known: what it led to.
    """

    names: NameCache
    key: NameKey
    known: CachedId


class RetryUncached(NamedTuple):
    """Begin the call anew if it went by what an earlier one looked up: what came of it may be due to that alone."""


class Gather(NamedTuple):
    """Run these flows, at most so many at once, and hand back their results in order."""

    flows: Sequence[Flow[Any]]
    at_most: int


class Driver(Protocol):
    """A driver of flows, blocking or awaiting.

    Attributes:
        context: the state that the flows of the client share.
    """

    context: ClientContext


Effect = Send[Any] | Attempt[Any] | Sleep | Now | GetDriver | WithLock | UseCached | RetryUncached | Gather
Flow = Generator[Effect, object, R]


def send(operation: Operation[P, T], *args: P.args, **kwargs: P.kwargs) -> Flow[T]:
    """What an operation answers to these arguments."""
    return cast("T", (yield Send(operation, args, kwargs)))


def send_within(within_seconds: float, operation: Operation[P, T], *args: P.args, **kwargs: P.kwargs) -> Flow[T]:
    """What an operation answers to these arguments, within this time."""
    return cast("T", (yield Send(operation, args, kwargs, within_seconds)))


def send_once(within_seconds: float, operation: Operation[P, T], *args: P.args, **kwargs: P.kwargs) -> Flow[T]:
    """What an operation answers to these arguments, asked once and within this time."""
    return cast("T", (yield Send(operation, args, kwargs, within_seconds, attempts=1)))


def write(probe: OutcomeProbe[T], operation: Operation[P, T], *args: P.args, **kwargs: P.kwargs) -> Flow[T]:
    """What an operation answers that changes something; should its answer be lost, the recovery finds out."""
    return cast("T", (yield Send(operation, args, kwargs, probe=probe)))


def sleep(seconds: float) -> Flow[None]:
    """Nothing, after this time, or after the longest that clocks can count."""
    yield Sleep(min(seconds, LONGEST_SLEEP_SECONDS))


def now() -> Flow[float]:
    """The monotonic time in seconds."""
    return cast("float", (yield Now()))


def with_lock(turn: SingleFlight, flow: Flow[T], *, within_seconds: float) -> Flow[T]:
    """The result of a flow that nobody else is at.

    Args:
        turn: what one has at a time.
        flow: what to run.
        within_seconds: the longest to wait for the turn.
    """
    return cast("T", (yield WithLock(turn, flow, within_seconds)))


def get_driver() -> Flow[Driver]:
    """The driver of this flow."""
    return cast("Driver", (yield GetDriver()))


def may_use_cached(names: NameCache, key: NameKey, known: CachedId) -> Flow[bool]:
    """Whether a call may go by what a name led to when it was last looked up.

    Args:
        names: what remembers it.
        key: the name.
        known: what it led to.
    """
    return cast("bool", (yield UseCached(names, key, known)))


def retry_uncached() -> Flow[None]:
    """Nothing, where the call looked up all names itself; else it begins anew and does."""
    yield RetryUncached()


def gather(flows: Sequence[Flow[T]], *, at_most: int = 8) -> Flow[list[T]]:
    """The results of these flows, in their order.

    Args:
        flows: what to run.
        at_most: how many may be under way at once.
    """
    return cast("list[T]", (yield Gather(flows, at_most)))

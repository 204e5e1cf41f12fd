"""Effects: the requests, waits and locks that a flow yields, and the driver performs.

A flow is a generator that holds the logic of a call and does no I/O: it yields effects and receives their outcomes.
`drivers` performs the effects, once blocking and once awaiting, so no logic is written twice.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeVar, cast

if TYPE_CHECKING:
    from axtasks_api.operation import Operation, PreparedRequest

    from axtasks.concurrency import SingleFlight
    from axtasks.config.options import Timeouts
    from axtasks.errors import AxError
    from axtasks.transport.models import Response

    from .context import ClientContext

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Applied(Generic[T]):
    """The write was carried out, with this as its result."""

    value: T


@dataclass(frozen=True, slots=True)
class NotObserved:
    """No trace of the write was found.

    Attributes:
        candidates: models that may be its result if clocks differ.
    """

    candidates: Sequence[object] = ()


@dataclass(frozen=True, slots=True)
class Undecided:
    """A change was found that this write or another may have made.

    Attributes:
        reason: why it cannot be told.
        candidates: models that may be its result.
    """

    reason: str
    candidates: Sequence[object] = ()


class OutcomeProbe(Protocol[T]):
    """Finds out, by reading, if a write whose response was lost was carried out."""

    @property
    def is_repeatable(self) -> bool:
        """True if sending the write twice has the effect of sending it once, as for a unique name or an id."""
        ...

    def check(
        self, context: ClientContext, sent_at: float, *, refused: bool
    ) -> Flow[Applied[T] | NotObserved | Undecided]:
        """Read, and return the outcome of the write.

        Args:
            context: what the flows of the client share.
            sent_at: the monotonic time in seconds at which it was first sent.
            refused: True if a retry was refused in a way that an earlier attempt may have caused.
        """
        ...

    def may_echo(self, error: AxError) -> bool:
        """Return True if an earlier attempt that was carried out may have caused this refusal of a retry."""
        ...


# 11 days: `time.sleep` overflows far beyond it.
LONGEST_SLEEP_SECONDS = 1_000_000.0


class Attempt(NamedTuple, Generic[T]):
    """Send an encoded request once and return the decoded response.

    Attributes:
        operation: decodes the response.
        request: the encoded request.
        content: its body as JSON; None for no body at all.
        timeouts: the timeouts of this attempt.
        strict: True if a response that goes beyond the contract is an error.
        on_response: called with the response before it is decoded.
    """

    operation: Operation[Any, T]
    request: PreparedRequest
    content: bytes | None
    timeouts: Timeouts
    strict: bool = False
    on_response: Callable[[Response], None] | None = None


class Sleep(NamedTuple):
    """Sleep for some seconds."""

    seconds: float


class GetDriver(NamedTuple):
    """Return the driver of the flow, for results that send requests later."""


class WithLock(NamedTuple):
    """Run a flow while holding a lock, and return its result.

    Attributes:
        lock: the lock.
        flow: the flow.
        within_seconds: the longest to wait for the lock, until a `LockTimeoutError`.
    """

    lock: SingleFlight
    flow: Flow[Any]
    within_seconds: float


class Gather(NamedTuple):
    """Run flows, at most so many at once, and return their results in order."""

    flows: Sequence[Flow[Any]]
    at_most: int


class Driver(Protocol):
    """A driver of flows, blocking or awaiting."""

    context: ClientContext


Effect = Attempt[Any] | Sleep | WithLock | Gather | GetDriver
Flow = Generator[Effect, object, R]


def sleep(seconds: float) -> Flow[None]:
    """Sleep for some seconds, or for the most that clocks can."""
    yield Sleep(min(seconds, LONGEST_SLEEP_SECONDS))


def with_lock(lock: SingleFlight, flow: Flow[T], *, within_seconds: float) -> Flow[T]:
    """Run a flow while holding a lock, or raise LockTimeoutError if it is not acquired in time."""
    return cast("T", (yield WithLock(lock, flow, within_seconds)))


def get_driver() -> Flow[Driver]:
    """Return the driver of this flow."""
    return cast("Driver", (yield GetDriver()))


def gather(flows: Sequence[Flow[T]], *, at_most: int = 8) -> Flow[list[T]]:
    """Run flows, at most so many at once, and return their results in order."""
    return cast("list[T]", (yield Gather(flows, at_most)))

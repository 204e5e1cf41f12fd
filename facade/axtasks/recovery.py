"""What a write brings along for the case that its answer is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .core import Core
    from .effects import Flow
    from .errors import AxError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Happened(Generic[T]):
    """The write was carried out, and this is what it answered or would have answered."""

    value: T


@dataclass(frozen=True, slots=True)
class NotSeen:
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


class Recovery(Protocol[T]):
    """How to find out what became of a write whose answer was lost."""

    @property
    def is_repeatable(self) -> bool:
        """Whether sending it twice comes to the same as sending it once, as a unique name or an id makes sure."""
        ...

    def look(self, core: Core, sent_at: float, *, refused: bool) -> Flow[Happened[T] | NotSeen | Undecided]:
        """What reading tells.

        Args:
            core: what the flows of the client share.
            sent_at: the monotonic time in seconds at which the write was first sent.
            refused: whether it was sent again, and refused in a way that may be the trace of an earlier attempt.
        """
        ...

    def may_echo(self, error: AxError) -> bool:
        """Whether a refusal of a repeated write may be the trace of an earlier attempt that was carried out."""
        ...

"""Injection of armed faults, a limit, and latency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .fault import MOST_SECONDS, PREVENTING, Fault
from .rate_limit import Bucket, Limit
from .registry import Faults

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from axtasks.mock.messages import MockRequest
    from axtasks.mock.problems import RefusalError


@dataclass(frozen=True, slots=True)
class Disruption:
    """All that goes wrong with one request.

    Attributes:
        fault: the fault that strikes it.
        preventing: the same, if it keeps the request from being carried out.
        refusal: what it is told if it is one more than the limit lets in.
        latency_seconds: the delay of its response.
        text: what goes wrong, in the words it can be armed with; None for nothing, or for latency alone.
    """

    fault: Fault | None = None
    preventing: Fault | None = None
    refusal: RefusalError | None = None
    latency_seconds: float = 0
    text: str | None = None


NO_DISRUPTION = Disruption()


class Injector:
    """The armed faults, the limit and the latency of a mock. `reset` brings back those of the start."""

    def __init__(
        self, faults: str | Iterable[str | Fault], limit: str | None, latency_seconds: float, *, seed: int = 0
    ) -> None:
        self.faults = Faults(faults, seed=seed)
        self._initial = limit, latency_seconds
        self.limit, self.latency_seconds = self._initial

    @property
    def limit(self) -> str | None:
        """The most requests that are let in, such as `10/s`; None for any number. Setting it fills the bucket."""
        return None if self._bucket is None else str(self._bucket.limit)

    @limit.setter
    def limit(self, text: str | None) -> None:
        self._bucket = None if text is None else Bucket(Limit.parse(text))

    @property
    def latency_seconds(self) -> float:
        """The delay of every response."""
        return self._latency_seconds

    @latency_seconds.setter
    def latency_seconds(self, seconds: float) -> None:
        if not 0 <= seconds <= MOST_SECONDS:
            raise ValueError(f"latency_seconds has to be between 0 and {MOST_SECONDS}, not {seconds}")
        self._latency_seconds = seconds

    def reset(self) -> None:
        """Back to the faults, the limit and the latency of the start."""
        self.faults.reset()
        self.limit, self.latency_seconds = self._initial

    def strike(self, request: MockRequest, operation: str | None, now: datetime) -> Disruption:
        """Find what goes wrong with this request, and count it.

        One that a fault keeps from being carried out does not use up the limit.
        """
        fault = self.faults.next_for(request, operation)
        words = [] if fault is None else [str(fault)]
        preventing = fault if fault is not None and fault.kind in PREVENTING else None
        bucket = self._bucket  # another thread may set the limit meanwhile
        refusal = None if bucket is None or preventing is not None else bucket.take(now)
        if bucket is not None and refusal is not None:
            words.append(f"limit={bucket.limit}")
        return Disruption(fault, preventing, refusal, self._latency_seconds, "; ".join(words) or None)

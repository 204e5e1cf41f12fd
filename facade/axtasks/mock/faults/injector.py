"""What goes wrong with the API's answers: armed faults, what a request asks for itself, a limit, and latency."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from . import effects, prefer
from .fault import MOST_SECONDS, PREVENTING, Fault
from .rate_limit import Bucket, Limit
from .registry import Faults

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from axtasks.mock.messages import Headers, MockRequest, MockResponse
    from axtasks.mock.problems import RefusalError

    from .effects import Answering, Refusing


@dataclass(frozen=True, slots=True)
class Disruption:
    """What goes wrong with one request: faults, that it is one too many, and how late its answer is."""

    faults: tuple[Fault, ...] = ()
    refusal: RefusalError | None = None
    latency_seconds: float = 0
    limit: Limit | None = None
    applied: str | None = None

    @property
    def text(self) -> str | None:
        """What went wrong, in the words it can be armed with; None when nothing did. Mere latency is nothing."""
        words = [str(fault) for fault in self.faults]
        if self.refusal is not None:
            words.append(f"limit={self.limit}")
        return "; ".join(words) or None

    def answer(self, request: MockRequest, answer: Answering, refuse: Refusing, look_up: Answering) -> MockResponse:
        """The answer to the request.

        `answer` carries a request out, `refuse` answers one that is not, `look_up` tells what another one would get.
        """
        preventing = next((fault for fault in self.faults if fault.kind in PREVENTING), None)
        if preventing is not None:
            response = effects.instead(preventing, refuse)
        elif self.refusal is not None:
            response = refuse(self.refusal)
        else:
            response = answer(request)
        for fault in self.faults:
            response = effects.changed(fault, response, request, look_up)
        if self.latency_seconds:
            response = replace(response, delivery=response.delivery.later(self.latency_seconds))
        if self.applied is not None and response.status:
            headers: Headers = (*response.headers, ("Preference-Applied", self.applied))
            response = replace(response, headers=headers)
        return response


NO_DISRUPTION = Disruption()


class Disruptions:
    """Everything a mock has been told to do wrong. `reset` brings back what it was told at the start."""

    def __init__(
        self, faults: str | Iterable[str | Fault], limit: str | None, latency_seconds: float, *, seed: int = 0
    ) -> None:
        self.faults = Faults(faults, seed=seed)
        self.latency_seconds = self._initial_latency = latency_seconds
        self._initial_limit = limit
        self.limit = limit

    @property
    def limit(self) -> str | None:
        """How many requests are let in, such as `10/s`; None for any number. Setting it fills the bucket."""
        return None if self._bucket is None else str(self._bucket.limit)

    @limit.setter
    def limit(self, text: str | None) -> None:
        self._bucket = None if text is None else Bucket(Limit.parse(text))

    @property
    def latency_seconds(self) -> float:
        """How late every answer is."""
        return self._latency_seconds

    @latency_seconds.setter
    def latency_seconds(self, seconds: float) -> None:
        if not 0 <= seconds <= MOST_SECONDS:
            raise ValueError(f"latency_seconds has to be between 0 and {MOST_SECONDS}, not {seconds}")
        self._latency_seconds = seconds

    def reset(self) -> None:
        """Back to the faults, the limit and the latency of the start."""
        self.faults.reset()
        self.limit = self._initial_limit
        self.latency_seconds = self._initial_latency

    def strike(self, request: MockRequest, operation: str | None, now: datetime) -> Disruption:
        """What goes wrong with this request, which is thereby counted.

        What a request asks for itself takes the place of the armed faults. One that a fault keeps from being carried
        out does not use up the limit.
        """
        preferred = prefer.read(request.headers)
        faults = preferred.faults
        if not faults:
            struck = self.faults.next_for(request, operation)
            faults = () if struck is None else (struck,)
        prevented = any(fault.kind in PREVENTING for fault in faults)
        bucket = self._bucket
        refusal = None if bucket is None or prevented else bucket.take(now)
        limit = None if bucket is None else bucket.limit
        return Disruption(faults, refusal, self._latency_seconds, limit, preferred.applied)

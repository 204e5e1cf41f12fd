"""When a request is sent again, and after what pause. Nothing here does I/O."""

from __future__ import annotations

from enum import Enum, auto
from threading import Lock
from typing import TYPE_CHECKING

from .concurrency import Forkable
from .errors import (
    ConnectionFailedError,
    DeadlineExceededError,
    ResponseError,
    ResponseTooLargeError,
    TransportError,
    UndecodableBodyError,
)

if TYPE_CHECKING:
    from .errors import AxError


READ = "GET"
REQUEST_TIMEOUT = 408
TOO_MANY_REQUESTS = 429
INTERNAL_SERVER_ERROR = 500
BAD_GATEWAY = 502
SERVICE_UNAVAILABLE = 503
GATEWAY_TIMEOUT = 504


class Failure(Enum):
    """What a failed attempt says about the request.

    Attributes:
        FINAL: the server decided; the same request would fare the same.
        NOT_DONE: the server surely did not act, and may later.
        ANSWERED: the server is done with the request, but may have acted before it failed.
        UNKNOWN: nobody said what became of it; it may even be carried out later.
    """

    FINAL = auto()
    NOT_DONE = auto()
    ANSWERED = auto()
    UNKNOWN = auto()


_BY_STATUS = {
    REQUEST_TIMEOUT: Failure.UNKNOWN,
    TOO_MANY_REQUESTS: Failure.NOT_DONE,
    INTERNAL_SERVER_ERROR: Failure.ANSWERED,
    BAD_GATEWAY: Failure.UNKNOWN,
    SERVICE_UNAVAILABLE: Failure.UNKNOWN,
    GATEWAY_TIMEOUT: Failure.UNKNOWN,
    # Not implemented, HTTP version not supported, network authentication required: nobody acted, or will.
    501: Failure.FINAL,
    505: Failure.FINAL,
    511: Failure.FINAL,
}


def classify(error: AxError) -> Failure:
    """What a failed attempt says about the request.

    Args:
        error: what the attempt ended with.
    """
    if isinstance(error, TransportError):
        unsent = isinstance(error, ConnectionFailedError | DeadlineExceededError)
        return Failure.NOT_DONE if unsent else Failure.UNKNOWN
    if isinstance(error, UndecodableBodyError):
        # What was asked for is done; where the answer is no JSON at all, it was damaged on the way. Should it not show
        # yet, that is no reason to do it again.
        return Failure.FINAL if error.is_json else Failure.UNKNOWN
    if isinstance(error, ResponseTooLargeError):
        # It would be as large again, but of a write reading may find out what came of it.
        return Failure.FINAL if error.method == READ else Failure.UNKNOWN
    return _of_status(error) if isinstance(error, ResponseError) else Failure.FINAL


def _of_status(error: ResponseError) -> Failure:
    if error.status_code == SERVICE_UNAVAILABLE and error.retry_after_seconds is not None:
        return Failure.NOT_DONE
    # Others are such as the 520 and 524 of gateways, behind which a write may have been carried out.
    is_other = error.status_code >= INTERNAL_SERVER_ERROR and error.method != READ
    return _BY_STATUS.get(error.status_code, Failure.UNKNOWN if is_other else Failure.FINAL)


def is_passing(error: AxError) -> bool:
    """Whether reading again may fare better."""
    return classify(error) is not Failure.FINAL


class RetryBudget(Forkable):
    """What further attempts of one client are paid from, so that a storm of failures does not multiply load.

    Each further attempt costs; one that succeeds gives back what it cost, and any other success a little.
    """

    FULL = 500
    COST = 5
    REFILL = 1

    def __init__(self) -> None:
        super().__init__()
        self._left = self.FULL
        self._lock = Lock()

    def after_fork(self) -> None:
        """Goes on from here, apart from the parent."""
        self._lock = Lock()

    @property
    def left(self) -> int:
        """What is left of it."""
        return self._left

    def take(self) -> bool:
        """Whether there was enough for one more attempt, which is then paid."""
        with self._lock:
            if self._left < self.COST:
                return False
            self._left -= self.COST
            return True

    def succeeded(self, *, again: bool) -> None:
        """Notes a success.

        Args:
            again: whether it was a further attempt that succeeded.
        """
        if self._left < self.FULL:
            with self._lock:
                self._left = min(self.FULL, self._left + (self.COST if again else self.REFILL))

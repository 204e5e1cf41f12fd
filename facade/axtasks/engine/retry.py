"""Classify failures, and pay for retries from a budget. No I/O."""

from __future__ import annotations

from enum import Enum, auto
from threading import Lock
from typing import TYPE_CHECKING

from axtasks.concurrency import Forkable
from axtasks.errors import (
    ConnectionFailedError,
    DeadlineExceededError,
    ResponseError,
    ResponseTooLargeError,
    TransportError,
    UndecodableBodyError,
)

if TYPE_CHECKING:
    from axtasks.errors import AxError


READ = "GET"
REQUEST_TIMEOUT = 408
TOO_MANY_REQUESTS = 429
INTERNAL_SERVER_ERROR = 500
BAD_GATEWAY = 502
SERVICE_UNAVAILABLE = 503
GATEWAY_TIMEOUT = 504


class FailureKind(Enum):
    """What a failed attempt says about the request.

    Attributes:
        FINAL: the server decided; the same request would fare the same.
        NOT_SENT: the server surely did not act, and may later.
        FAILED_AFTER_RECEIPT: the server is done with the request, but may have acted before it failed.
        UNKNOWN: nobody said what became of it; it may even be carried out later.
    """

    FINAL = auto()
    NOT_SENT = auto()
    FAILED_AFTER_RECEIPT = auto()
    UNKNOWN = auto()


_BY_STATUS = {
    REQUEST_TIMEOUT: FailureKind.UNKNOWN,
    TOO_MANY_REQUESTS: FailureKind.NOT_SENT,
    INTERNAL_SERVER_ERROR: FailureKind.FAILED_AFTER_RECEIPT,
    BAD_GATEWAY: FailureKind.UNKNOWN,
    SERVICE_UNAVAILABLE: FailureKind.UNKNOWN,
    GATEWAY_TIMEOUT: FailureKind.UNKNOWN,
    # Not implemented, HTTP version not supported, network authentication required: nobody acted, or will.
    501: FailureKind.FINAL,
    505: FailureKind.FINAL,
    511: FailureKind.FINAL,
}


def classify(error: AxError) -> FailureKind:
    """What a failed attempt says about the request.

    Args:
        error: what the attempt ended with.
    """
    if isinstance(error, TransportError):
        unsent = isinstance(error, ConnectionFailedError | DeadlineExceededError)
        return FailureKind.NOT_SENT if unsent else FailureKind.UNKNOWN
    if isinstance(error, UndecodableBodyError):
        # What was asked for is done; where the answer is no JSON at all, it was damaged on the way. Should it not show
        # yet, that is no reason to do it again.
        return FailureKind.FINAL if error.is_json else FailureKind.UNKNOWN
    if isinstance(error, ResponseTooLargeError):
        # It would be as large again, but of a write reading may find out what came of it.
        return FailureKind.FINAL if error.method == READ else FailureKind.UNKNOWN
    return _of_status(error) if isinstance(error, ResponseError) else FailureKind.FINAL


def _of_status(error: ResponseError) -> FailureKind:
    if error.status_code == SERVICE_UNAVAILABLE and error.retry_after_seconds is not None:
        return FailureKind.NOT_SENT
    # Others are such as the 520 and 524 of gateways, behind which a write may have been carried out.
    is_other = error.status_code >= INTERNAL_SERVER_ERROR and error.method != READ
    return _BY_STATUS.get(error.status_code, FailureKind.UNKNOWN if is_other else FailureKind.FINAL)


def is_transient(error: AxError) -> bool:
    """Whether reading again may fare better."""
    return classify(error) is not FailureKind.FINAL


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

"""Classify failures, and pay for retries from a budget. No I/O."""

from __future__ import annotations

from enum import Enum, auto
from threading import Lock
from typing import TYPE_CHECKING

from axtasks.concurrency import Forkable
from axtasks.errors import (
    APIError,
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
    """The state of a request after a failed attempt.

    Attributes:
        FINAL: the server decided; a retry would fail the same way.
        NOT_SENT: the server surely did not act; a retry may succeed.
        FAILED_AFTER_RECEIPT: the server is done with the request, but may have acted before it failed.
        UNKNOWN: no response tells the outcome; the request may even be carried out later.
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
    # Not implemented, HTTP version not supported, network authentication required: no server acted, or will.
    501: FailureKind.FINAL,
    505: FailureKind.FINAL,
    511: FailureKind.FINAL,
}

# A gateway without a backend, and servers that have no time.
_UNAVAILABLE = frozenset({TOO_MANY_REQUESTS, BAD_GATEWAY, SERVICE_UNAVAILABLE, GATEWAY_TIMEOUT})


def classify(error: AxError) -> FailureKind:
    """Classify the error of a failed attempt."""
    if isinstance(error, TransportError):
        if isinstance(error, ConnectionFailedError) and error.is_final:
            return FailureKind.FINAL
        unsent = isinstance(error, ConnectionFailedError | DeadlineExceededError)
        return FailureKind.NOT_SENT if unsent else FailureKind.UNKNOWN
    if isinstance(error, UndecodableBodyError):
        # The request was carried out; a body that is no JSON was damaged on the way. A write that does not show yet
        # must still not be repeated.
        return FailureKind.FINAL if error.is_json else FailureKind.UNKNOWN
    if isinstance(error, ResponseTooLargeError):
        # A retry would be as large, but a probe may find the outcome of a write.
        return FailureKind.FINAL if error.method == READ else FailureKind.UNKNOWN
    return _of_status(error) if isinstance(error, ResponseError) else FailureKind.FINAL


def _of_status(error: ResponseError) -> FailureKind:
    if error.status_code == SERVICE_UNAVAILABLE and error.retry_after_seconds is not None:
        return FailureKind.NOT_SENT
    # Such as 520 and 524, of gateways behind which a write may have been carried out.
    is_other = error.status_code >= INTERNAL_SERVER_ERROR and error.method != READ
    return _BY_STATUS.get(error.status_code, FailureKind.UNKNOWN if is_other else FailureKind.FINAL)


def is_transient(error: AxError) -> bool:
    """Return True if a read may succeed when retried."""
    return classify(error) is not FailureKind.FINAL


def is_unavailable(error: AxError) -> bool:
    """Return True if the server cannot be reached for now, or has no time: it may be back while there is time left."""
    if isinstance(error, TransportError):
        return classify(error) is not FailureKind.FINAL
    return isinstance(error, APIError) and error.status_code in _UNAVAILABLE


class RetryBudget(Forkable):
    """Limits the retries of one client, so that many failures at once do not multiply the load on the server.

    A retry takes its cost out; a retry that succeeds puts it back, and any other success puts back a little.
    """

    FULL = 500
    COST = 5
    REFILL = 1

    def __init__(self) -> None:
        self._left = self.FULL
        self._lock = Lock()
        super().__init__()

    def after_fork(self) -> None:
        """Replace the lock, and keep the rest of the budget, apart from the parent."""
        self._lock = Lock()

    @property
    def left(self) -> int:
        """The rest of the budget."""
        return self._left

    def take(self) -> bool:
        """Take the cost of a retry; return False if too little is left."""
        with self._lock:
            if self._left < self.COST:
                return False
            self._left -= self.COST
            return True

    def record_success(self, *, is_retry: bool) -> None:
        """Put back the cost of a retry that succeeded, or a little for a first attempt."""
        if self._left < self.FULL:
            with self._lock:
                self._left = min(self.FULL, self._left + (self.COST if is_retry else self.REFILL))

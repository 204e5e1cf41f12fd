"""Errors about requests without a usable answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .root import AxError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from axtasks_api_beta.operation import PreparedRequest


class TransportError(AxError):
    """No usable answer arrived.

    Attributes:
        operation_id: the operation that was being carried out.
    """

    def __init__(self, message: str, *, operation_id: str) -> None:
        super().__init__(message)
        self.operation_id = operation_id


class ConnectionFailedError(TransportError):
    """The server was not reached, so it did nothing."""


class RequestTimeoutError(TransportError, TimeoutError):
    """The answer did not come in time. What was asked may still have happened."""


class DeadlineExceededError(RequestTimeoutError):
    """The time for the whole call was over before this request could be sent."""


class AmbiguousOutcomeError(AxError):
    """A write may or may not have happened, and reading could not tell. Nothing more was sent after that.

    What the last attempt ended with is its `__cause__`.

    Attributes:
        operation_id: the operation that was being carried out.
        method: the HTTP method that was used.
        path: the path that was asked for, percent-encoded.
        body: what was sent as JSON, as a dict; None for no body.
        attempts: how often it was sent.
        reason: why it cannot be told.
        candidates: what may have come of it, as models; empty where nothing was found.
    """

    def __init__(
        self,
        message: str,
        *,
        request: PreparedRequest,
        attempts: int,
        reason: str,
        candidates: Sequence[object] = (),
    ) -> None:
        super().__init__(message)
        self.operation_id = request.operation_id
        self.method = request.method
        self.path = request.path
        self.body = request.body
        self.attempts = attempts
        self.reason = reason
        self.candidates = tuple(candidates)

"""Errors about answers that arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self

from .root import AxError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from axtasks_api_beta.models import Problem


class ResponseError(AxError):
    """An answer arrived that is not a usable success.

    Attributes:
        status_code: the HTTP status.
        operation_id: the operation that was being carried out.
        request_id: what the server calls this exchange, if it said so.
        method: the HTTP method that was used.
        path: the path that was asked for, percent-encoded.
        headers: the headers of the answer, with lower-case names.
        retry_after_seconds: how long the server asks to wait; None where it did not say.
    """

    retry_after_seconds: float | None = None

    def __init__(self, message: str, *, status_code: int, operation_id: str, request_id: str | None) -> None:
        super().__init__(f"{message} [request id {request_id}]" if request_id else message)
        self.status_code = status_code
        self.operation_id = operation_id
        self.request_id = request_id
        self.method = ""
        self.path = ""
        self.headers: Mapping[str, str] = {}

    def about(self, *, method: str, path: str, headers: Mapping[str, str]) -> Self:
        """This error, with what was asked for and what came back."""
        self.method, self.path, self.headers = method, path, headers
        return self


class APIError(ResponseError):
    """The server refused.

    Attributes:
        problem: the Problem Details it sent; None where the body was something else.
        body: the beginning of the body as text, for a person to look at.
    """

    def __init__(
        self,
        message: str,
        *,
        status_code: int,
        operation_id: str,
        request_id: str | None,
        problem: Problem | None,
        body: str,
    ) -> None:
        super().__init__(message, status_code=status_code, operation_id=operation_id, request_id=request_id)
        self.problem = problem
        self.body = body


class BadRequestError(APIError):
    """400: the request is malformed, or a field does not apply."""


class AuthenticationError(APIError):
    """401: the API key is missing, unknown, revoked or expired."""


class PermissionDeniedError(APIError):
    """403: the key may not do this."""


class NotFoundError(APIError):
    """404: there is no such thing, or the key may not read it."""


class ConflictError(APIError):
    """409: the name is taken."""


class UnprocessableEntityError(APIError):
    """422: well-formed, but it cannot be carried out as things stand."""


class RateLimitError(APIError):
    """429: too many requests; nothing was done."""


class ServerError(APIError):
    """500 and above: the server failed, or something between it and here."""


class UndecodableBodyError(ResponseError):
    """A success whose body is not what the contract says.

    Attributes:
        body: the beginning of the body as text, for a person to look at.
        is_json: whether it is JSON at all; if not, it was damaged on the way.
    """

    def __init__(
        self, message: str, *, status_code: int, operation_id: str, request_id: str | None, body: str, is_json: bool
    ) -> None:
        super().__init__(message, status_code=status_code, operation_id=operation_id, request_id=request_id)
        self.body = body
        self.is_json = is_json


class Deviation(NamedTuple):
    """One place where an answer is not as the contract says.

    Attributes:
        path: the place, such as `task_runs[3].status`; empty for the whole answer.
        reason: what is unusual there.
    """

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class ContractViolationError(ResponseError):
    """An answer that can be read but goes beyond the contract; only clients with `strict=True` raise it.

    With a status below 300, what was asked for is done; do not do it again for this.

    Attributes:
        deviations: all places where it does, each with its `path` and the `reason`.
        model: the answer, decoded: what a client that is not strict would have gone on with.
    """

    def __init__(
        self,
        message: str,
        *,
        status_code: int,
        operation_id: str,
        request_id: str | None,
        deviations: Sequence[Deviation],
        model: object,
    ) -> None:
        super().__init__(message, status_code=status_code, operation_id=operation_id, request_id=request_id)
        self.deviations = tuple(deviations)
        self.model = model


class ResponseTooLargeError(ResponseError):
    """A success with more of a body than the limit. What was asked for is done; the rest was not read."""

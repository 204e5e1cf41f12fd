"""Every error this package raises.

AxError
├── ConfigurationError            the client cannot be set up as asked
├── InvalidArgumentError          an argument cannot be sent (also a ValueError)
│   └── NotApplicableError        a field that the task's type does not have
├── ResolutionError               a name or an id does not lead to one resource (also a LookupError)
│   ├── UnknownNameError          nothing bears that name; has the near ones
│   ├── AmbiguousNameError        several things bear that name; has their ids
│   ├── SpaceRequiredError        a name was given without the space it is looked up in
│   └── WrongKindError            an id of something else, such as a dataset's for a project
├── TransportError                no answer arrived
│   ├── ConnectionFailedError     the server was not reached, so it did nothing
│   └── RequestTimeoutError       the answer did not come in time (also a TimeoutError)
├── ResponseError                 an answer arrived; has `status_code`, `operation_id`, `request_id`
│   ├── APIError                  the server refused; has the parsed `problem`
│   │   ├── BadRequestError            400
│   │   ├── AuthenticationError        401
│   │   ├── PermissionDeniedError      403
│   │   ├── NotFoundError              404
│   │   ├── ConflictError              409
│   │   ├── UnprocessableEntityError   422
│   │   ├── RateLimitError             429; has `retry_after_seconds`
│   │   └── ServerError                500 and above
│   └── UndecodableBodyError      a success whose body is not what the contract says
├── RepeatedCursorError           paging would go in circles; has the `cursor`
└── RunError                      about a run; has the `run` as it was last seen
    ├── RunTimeoutError           it did not end in time (also a TimeoutError)
    └── UnknownRunStatusError     it is in a status this version does not know
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from axtasks_api.models import Problem, TaskRun


class AxError(Exception):
    """The root of all errors of this package."""


class ConfigurationError(AxError):
    """The client cannot be set up as asked."""


class InvalidArgumentError(AxError, ValueError):
    """An argument that cannot be sent. Nothing was written."""


class NotApplicableError(InvalidArgumentError):
    """Fields that do not apply to the task at hand. Nothing was written.

    Attributes:
        fields: the fields that do not apply.
        task_type: the type of the task, as the contract spells it.
        valid: the fields that would.
    """

    def __init__(self, message: str, *, fields: Sequence[str], task_type: str, valid: Sequence[str]) -> None:
        super().__init__(message)
        self.fields = tuple(fields)
        self.task_type = task_type
        self.valid = tuple(valid)


class ResolutionError(AxError, LookupError):
    """A name or an id that does not lead to one resource.

    Attributes:
        noun: what was looked for, such as `project`.
        value: the name or id as it was given.
    """

    def __init__(self, message: str, *, noun: str, value: str) -> None:
        super().__init__(message)
        self.noun = noun
        self.value = value


class UnknownNameError(ResolutionError):
    """Nothing bears that name. Names are matched exactly.

    Attributes:
        near: existing names that are close to it, nearest first.
    """

    def __init__(self, message: str, *, noun: str, value: str, near: Sequence[str]) -> None:
        super().__init__(message, noun=noun, value=value)
        self.near = tuple(near)


class AmbiguousNameError(ResolutionError):
    """Several things bear that name.

    Attributes:
        candidates: their ids.
    """

    def __init__(self, message: str, *, noun: str, value: str, candidates: Sequence[str]) -> None:
        super().__init__(message, noun=noun, value=value)
        self.candidates = tuple(candidates)


class SpaceRequiredError(ResolutionError):
    """A name was given without what it has to be looked up in."""


class WrongKindError(ResolutionError):
    """An id that says it belongs to something else."""


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


class ResponseError(AxError):
    """An answer arrived that is not a usable success.

    Attributes:
        status_code: the HTTP status.
        operation_id: the operation that was being carried out.
        request_id: what the server calls this exchange, if it said so.
        method: the HTTP method that was used.
        path: the path that was asked for, percent-encoded.
        headers: the headers of the answer, with lower-case names.
    """

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
    """429: too many requests.

    Attributes:
        retry_after_seconds: how long the server asks to wait; None where it did not say.
    """

    retry_after_seconds: float | None = None


class ServerError(APIError):
    """500 and above: the server failed, or something between it and here."""


class UndecodableBodyError(ResponseError):
    """A success whose body is not what the contract says.

    Attributes:
        body: the beginning of the body as text, for a person to look at.
    """

    def __init__(self, message: str, *, status_code: int, operation_id: str, request_id: str | None, body: str) -> None:
        super().__init__(message, status_code=status_code, operation_id=operation_id, request_id=request_id)
        self.body = body


class RepeatedCursorError(AxError):
    """A page that names a cursor that was followed before, so that paging would go in circles.

    Attributes:
        cursor: that cursor.
    """

    def __init__(self, message: str, *, cursor: str) -> None:
        super().__init__(message)
        self.cursor = cursor


class RunError(AxError):
    """About a run.

    Attributes:
        run: the run as it was last seen.
    """

    def __init__(self, message: str, *, run: TaskRun) -> None:
        super().__init__(message)
        self.run = run


class RunTimeoutError(RunError, TimeoutError):
    """The run did not end in time. It goes on; waiting for it again is safe.

    Attributes:
        timeout_seconds: how long was waited.
    """

    def __init__(self, message: str, *, run: TaskRun, timeout_seconds: float) -> None:
        super().__init__(message, run=run)
        self.timeout_seconds = timeout_seconds


class UnknownRunStatusError(RunError):
    """The run is in a status that this version does not know, so it cannot tell whether the run has ended."""

"""The errors of this package.

AxError
├── ConfigurationError            the client cannot be set up as asked
├── InvalidArgumentError          an argument cannot be sent (also a ValueError)
│   ├── FutureTimeError           a time that is still to come, as the server's clock shows
│   ├── NotApplicableError        a field that the task's type does not have
│   └── NotInContractError        something that the server's dialect of the contract does not have
├── ResolutionError               a name or an id does not lead to one resource (also a LookupError)
│   ├── UnknownNameError          nothing has that name; has the near ones
│   ├── AmbiguousNameError        several things have that name; has their ids
│   ├── SpaceRequiredError        a name was given without the space (or dataset) it needs
│   └── WrongKindError            an id of something else, such as a dataset's for a project
├── TransportError                no response arrived
│   ├── ConnectionFailedError     the server was not reached, so it did nothing
│   │   ├── ProxyFailedError          the proxy on the way was not reached, or did not connect; has the `variable`
│   │   └── UntrustedCertificateError the server's certificate cannot be verified; has the missing `authority`
│   └── RequestTimeoutError       the response did not come in time (also a TimeoutError)
│       └── DeadlineExceededError     the time for the whole call was over before it could be sent
├── AmbiguousOutcomeError         a write may or may not have happened; has everything that is known about it
├── ResponseError                 a response arrived; has `status_code`, `request_id`, `retry_after_seconds`
│   ├── APIError                  the server refused; has the parsed `problem`
│   │   ├── BadRequestError            400
│   │   ├── AuthenticationError        401
│   │   ├── PermissionDeniedError      403
│   │   ├── NotFoundError              404
│   │   ├── ConflictError              409, or a 422 that says so
│   │   ├── UnprocessableEntityError   422
│   │   ├── RateLimitError             429
│   │   └── ServerError                500 and above
│   ├── UndecodableBodyError      a success whose body is not what the contract says
│   ├── ContractViolationError    a response is not as the contract says, and the client is strict
│   └── ResponseTooLargeError     a success with more of a body than the limit
├── MissingFieldError             a required field was read that did not come (also an AttributeError)
├── RepeatedCursorError           paging would go in circles; has the `cursor`
├── TooManyPagesError             a list has more pages than the limit; has the `cursor` to go on with
└── RunError                      about a run; has the `run` as it was last seen, and all `runs` of a wait for several
    ├── RunTimeoutError           it did not end in time (also a TimeoutError)
    ├── RunFailedError            it ended failed, and the caller asked for an error then
    ├── RunCancelledError         it ended cancelled, and the caller asked for an error then
    └── UnknownRunStatusError     it is in a status this version does not know
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple, Self

from axtasks_api import codec

from .text import MOST_CHARACTERS, printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from axtasks_api.models import Problem, TaskRun
    from axtasks_api.operation import PreparedRequest


MOST_ID_CHARACTERS = 200

__all__ = [
    "APIError",
    "AmbiguousNameError",
    "AmbiguousOutcomeError",
    "AuthenticationError",
    "AxError",
    "BadRequestError",
    "ConfigurationError",
    "ConflictError",
    "ConnectionFailedError",
    "ContractViolationError",
    "DeadlineExceededError",
    "Deviation",
    "FutureTimeError",
    "InvalidArgumentError",
    "MissingFieldError",
    "NotApplicableError",
    "NotFoundError",
    "NotInContractError",
    "PermissionDeniedError",
    "ProxyFailedError",
    "RateLimitError",
    "RepeatedCursorError",
    "RequestTimeoutError",
    "ResolutionError",
    "ResponseError",
    "ResponseTooLargeError",
    "RunCancelledError",
    "RunError",
    "RunFailedError",
    "RunTimeoutError",
    "ServerError",
    "SpaceRequiredError",
    "TooManyPagesError",
    "TransportError",
    "UndecodableBodyError",
    "UnknownNameError",
    "UnknownRunStatusError",
    "UnprocessableEntityError",
    "UntrustedCertificateError",
    "WrongKindError",
]


def _restored(
    kind: type[AxError],
    arguments: tuple[object, ...],
    attributes: dict[str, object],
    cause: BaseException | None = None,
) -> AxError:
    """Restore a pickled or copied error without calling its constructor."""
    error = kind.__new__(kind)
    # Assigned, since errors below OSError take them in their constructor alone.
    error.args = arguments
    error.__dict__.update(attributes)
    error.__cause__ = cause
    return error


class AxError(Exception):
    """The root of all errors of this package.

    What an error says of a server's text is printable, in one line, and at most 4,096 characters long.

    Attributes:
        runs: all runs of a wait for several that it ended, as they were last seen and in the order they were given in;
            empty elsewhere.
    """

    runs: tuple[TaskRun, ...] = ()

    def __init__(self, *texts: str) -> None:
        super().__init__(*map(printable, texts))

    def add_note(self, note: str, /) -> None:
        """Add a note, as printable as the message."""
        super().add_note(printable(note))

    def __reduce__(self) -> tuple[object, ...]:
        # For errors that are passed between processes: most constructors take more than a message. Causes of other
        # libraries are left out, as many cannot be pickled.
        cause = self.__cause__
        is_kept = isinstance(cause, AxError) or type(cause).__module__ == "builtins"
        return _restored, (type(self), self.args, dict(self.__dict__), cause if is_kept else None)


class ConfigurationError(AxError):
    """The client cannot be set up as asked.

    Attributes:
        variable: the environment variable that is at fault; None where it is something else.
    """

    variable: str | None = None

    def __init__(self, message: str, *, variable: str | None = None) -> None:
        super().__init__(message)
        self.variable = variable


class InvalidArgumentError(AxError, ValueError):
    """An argument that cannot be sent. Nothing was written."""


class FutureTimeError(InvalidArgumentError):
    """A time that is still to come, as the server's clock shows. Nothing was written; the call may succeed later."""


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


class NotInContractError(InvalidArgumentError):
    """Something that the dialect of the contract in use does not have. Nothing was written.

    Attributes:
        lacking: what it does not have, such as `query_filters` or `evaluators[0].query_mappings`.
        contract: the dialect in use.
    """

    def __init__(self, message: str, *, lacking: Sequence[str], contract: str) -> None:
        super().__init__(message)
        self.lacking = tuple(lacking)
        self.contract = contract


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
    """No resource has that name. Names are matched exactly.

    Attributes:
        near: existing names that are close to it, nearest first.
        available_names: existing names: those that contain it, or where none does the first ones of the list.
        resource_type: what was looked for, as `noun`; the vendor's error calls it so.
        resource_name: the name as it was given, as `value`; the vendor's error calls it so.
    """

    def __init__(
        self, message: str, *, noun: str, value: str, near: Sequence[str], available_names: Sequence[str] = ()
    ) -> None:
        super().__init__(message, noun=noun, value=value)
        self.near = tuple(near)
        self.available_names = list(available_names)

    @property
    def resource_type(self) -> str:
        """The kind of resource that was looked for."""
        return self.noun

    @property
    def resource_name(self) -> str:
        """The name as it was given."""
        return self.value


class AmbiguousNameError(ResolutionError):
    """Several resources have that name.

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
    """No usable response arrived.

    Attributes:
        operation_id: the operation that was being carried out.
    """

    def __init__(self, message: str, *, operation_id: str) -> None:
        super().__init__(message)
        self.operation_id = operation_id


class ConnectionFailedError(TransportError):
    """The server was not reached, so it did nothing.

    Attributes:
        is_final: whether trying again cannot help, as with a certificate that cannot be verified.
    """

    is_final: bool = False

    def __init__(self, message: str, *, operation_id: str, is_final: bool = False) -> None:
        super().__init__(message, operation_id=operation_id)
        self.is_final = is_final


class ProxyFailedError(ConnectionFailedError):
    """The proxy on the way was not reached, or did not connect to the server.

    Attributes:
        proxy: the address of the proxy, without user and password; None where the `http_client` knows it alone.
        variable: the environment variable, or the setting, that names it.
    """

    def __init__(self, message: str, *, operation_id: str, is_final: bool, proxy: str | None, variable: str) -> None:
        super().__init__(message, operation_id=operation_id, is_final=is_final)
        self.proxy = proxy
        self.variable = variable


class UntrustedCertificateError(ConnectionFailedError):
    """The certificate of the server, or of the proxy, cannot be verified. No key was sent.

    Attributes:
        authority: the name of the authority that signed it and is not trusted; None where that is not the reason, or
            not known.
    """

    def __init__(self, message: str, *, operation_id: str, authority: str | None) -> None:
        super().__init__(message, operation_id=operation_id, is_final=True)
        self.authority = authority


class RequestTimeoutError(TransportError, TimeoutError):
    """The response did not come in time. What was asked may still have happened."""


class DeadlineExceededError(RequestTimeoutError):
    """The time for the whole call was over before this request could be sent."""


class AmbiguousOutcomeError(AxError):
    """A write may or may not have happened, and reading could not tell. Nothing more was sent after that.

    The error of the last attempt is its `__cause__`.

    Attributes:
        operation_id: the operation that was being carried out.
        method: the HTTP method that was used.
        path: the path of the request, percent-encoded.
        body: the JSON body of the request, as a dict; None for no body.
        attempts: how often it was sent.
        reason: why it cannot be told.
        candidates: what may have come of it, as models; empty where nothing was found.
    """

    def __init__(
        self, message: str, *, request: PreparedRequest, attempts: int, reason: str, candidates: Sequence[object] = ()
    ) -> None:
        super().__init__(message)
        self.operation_id = request.operation_id
        self.method = request.method
        self.path = request.path
        self.body = request.body
        self.attempts = attempts
        self.reason = reason
        self.candidates = tuple(candidates)


class ResponseError(AxError):
    """A response arrived that is not a usable success.

    Attributes:
        status_code: the HTTP status.
        operation_id: the operation that was being carried out.
        request_id: what the server calls this exchange, if it said so.
        method: the HTTP method that was used.
        path: the path of the request, percent-encoded.
        headers: the headers of the response, with lower-case names.
        retry_after_seconds: how long the server asks to wait; None where it did not say.
    """

    retry_after_seconds: float | None = None

    def __init__(self, message: str, *, status_code: int, operation_id: str, request_id: str | None) -> None:
        if request_id:
            suffix = f" [request id {printable(request_id, most=MOST_ID_CHARACTERS)}]"
            # The id is not cut off, as whoever runs the server needs it.
            message = printable(message, most=MOST_CHARACTERS - len(suffix)) + suffix
        super().__init__(message)
        self.status_code = status_code
        self.operation_id = operation_id
        self.request_id = request_id
        self.method = ""
        self.path = ""
        self.headers: Mapping[str, str] = {}

    def about(self, *, method: str, path: str, headers: Mapping[str, str]) -> Self:
        """Add the request and the headers of the response; return this error."""
        self.method, self.path, self.headers = method, path, headers
        return self


class APIError(ResponseError):
    """The server refused.

    Attributes:
        problem: the Problem Details it sent; None where the body was something else.
        body: the body as text, as it came but for the API key; at most 256 KiB of it.
        status: the HTTP status, as `status_code`; the vendor's errors call it so.
        reason: the usual words for that status; empty where there are none.
        data: the same as `problem`; the vendor's errors call it so.
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

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.status_code

    @property
    def reason(self) -> str:
        """The usual words for the HTTP status."""
        return HTTPStatus(self.status_code).phrase if self.status_code in set(HTTPStatus) else ""

    @property
    def data(self) -> Problem | None:
        """The Problem Details that the server sent."""
        return self.problem


class BadRequestError(APIError):
    """400: the request is malformed, or a field does not apply."""


class AuthenticationError(APIError):
    """401: the API key is missing, unknown, revoked or expired."""


class PermissionDeniedError(APIError):
    """403: the key may not do this."""


class NotFoundError(APIError):
    """404: there is no such thing, or the key may not read it."""


class ConflictError(APIError):
    """409, or a 422 with the error_code `NAME_TAKEN`: the name is taken; of `ensure_run`, by this `run`."""

    run: TaskRun | None = None


class UnprocessableEntityError(APIError):
    """422: well-formed, but it cannot be carried out as things stand."""


class RateLimitError(APIError):
    """429: too many requests; nothing was done."""


class ServerError(APIError):
    """500 and above: the server failed, or something between it and here."""


class UndecodableBodyError(ResponseError):
    """A success whose body is not what the contract says: no JSON, a value of another type, or none of the fields.

    Attributes:
        body: the body as text, as it came but for the API key; at most 256 KiB of it.
        is_json: whether it is JSON at all; if not, it was damaged on the way.
    """

    def __init__(
        self, message: str, *, status_code: int, operation_id: str, request_id: str | None, body: str, is_json: bool
    ) -> None:
        super().__init__(message, status_code=status_code, operation_id=operation_id, request_id=request_id)
        self.body = body
        self.is_json = is_json


class Deviation(NamedTuple):
    """One place where a response is not as the contract says.

    Attributes:
        path: the place, such as `task_runs[3].status`; empty for the whole response.
        reason: what is unusual there.
    """

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class ContractViolationError(ResponseError):
    """A response that can be read but is not as the contract says; only clients with `strict=True` raise it.

    It has what the contract does not know, or lacks a field that it requires.

    With a status below 300, what was asked for is done; do not do it again for this.

    Attributes:
        deviations: all places where it is not, each with its `path` and the `reason`.
        model: the response, decoded: what a client that is not strict would have returned.
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


class MissingFieldError(AxError, codec.MissingAttributeError):
    """A field that the contract requires was read, and did not come with the answer.

    The rest of the answer can be read, and `to_dict()` has what came.

    Attributes:
        field: the field.
        model_name: the class of the model that lacks it.
        operation_id: the operation whose answer lacks it; None if the model did not come with an answer.
        request_id: what the server calls that exchange; None if it is not known.
    """


# Models raise it from here on.
codec.MissingAttributeError.raised_as = MissingFieldError


class RepeatedCursorError(AxError):
    """A page names a cursor that was followed before, so that paging would go in circles.

    Attributes:
        cursor: that cursor.
    """

    def __init__(self, message: str, *, cursor: str) -> None:
        super().__init__(message)
        self.cursor = cursor


class TooManyPagesError(AxError):
    """A list has more pages than the limit.

    Attributes:
        cursor: where to go on.
    """

    def __init__(self, message: str, *, cursor: str) -> None:
        super().__init__(message)
        self.cursor = cursor


class RunError(AxError):
    """About a run, or about several that were waited for together.

    Attributes:
        run: the run as it was last seen; of several the first that the error is about. None only in a RunTimeoutError,
            where the server showed no run in all the time.
        runs: all that were waited for as they were last seen, in the order they were given in.
    """

    run: TaskRun | None

    def __init__(self, message: str, *, run: TaskRun | None, runs: Sequence[TaskRun] = ()) -> None:
        super().__init__(message)
        self.run = run
        self.runs = tuple(runs) or (() if run is None else (run,))


class RunTimeoutError(RunError, TimeoutError):
    """The run did not end in time, or not all runs did. What has not ended goes on; waiting again is safe.

    Attributes:
        timeout_seconds: how long was waited.
        finished: those of the runs that have ended.
        unfinished: those that were still going on.
        unseen: the ids of those that the server did not show in all the time.
    """

    def __init__(
        self,
        message: str,
        *,
        run: TaskRun | None,
        timeout_seconds: float,
        runs: Sequence[TaskRun] = (),
        finished: Sequence[TaskRun] = (),
        unseen: Sequence[str] = (),
    ) -> None:
        super().__init__(message, run=run, runs=runs)
        self.timeout_seconds = timeout_seconds
        self.finished = tuple(finished)
        finished_keys = {_key_of(each) for each in finished}
        self.unfinished = tuple(each for each in self.runs if _key_of(each) not in finished_keys)
        self.unseen = tuple(unseen)


def _key_of(run: TaskRun) -> object:
    """Return what tells a run from others: its id, or where that is missing the object itself."""
    return getattr(run, "id", None) or id(run)


class RunFailedError(RunError):
    """The run ended failed: the work itself broke."""

    run: TaskRun  # pyright: ignore[reportIncompatibleVariableOverride]  # nobody sets it later


class RunCancelledError(RunError):
    """The run ended cancelled: by someone, or since there was nothing to do."""

    run: TaskRun  # pyright: ignore[reportIncompatibleVariableOverride]  # nobody sets it later


class UnknownRunStatusError(RunError):
    """The run is in a status that this version does not know, so it cannot tell whether the run has ended."""

    run: TaskRun  # pyright: ignore[reportIncompatibleVariableOverride]  # nobody sets it later

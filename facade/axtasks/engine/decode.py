"""Decode a response into a model, or raise the matching error."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from axtasks_api_beta.codec import DecodeError
from axtasks_api_beta.operation import SUCCESSES, Refusal

from axtasks.errors import (
    APIError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
    UndecodableBodyError,
    UnprocessableEntityError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from axtasks_api_beta.models import Problem
    from axtasks_api_beta.operation import Operation

    from axtasks.config.credentials import Secret
    from axtasks.contract.dialect import Contract, Dialect
    from axtasks.transport.models import Response

    from .effects import Attempt

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

MOST_BODY_CHARACTERS = 200
MOST_LOCATION_CHARACTERS = 500
REDIRECTS = range(300, 400)
FIRST_SERVER_ERROR = 500
_BY_STATUS: dict[int, type[APIError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}


def error_for(
    status_code: int, *, operation_id: str, problem: Problem | None, headers: Mapping[str, str], content: bytes
) -> APIError:
    """Return the error for a response that is not a success; `problem` is its Problem Details (RFC 9457), if any."""
    error_class = _BY_STATUS.get(status_code, ServerError if status_code >= FIRST_SERVER_ERROR else APIError)
    body = excerpt(content)
    details = [str(text) for text in (problem.title, problem.detail) if text] if problem else [body or "no body"]
    if status_code in REDIRECTS and headers.get("location"):
        details = [_redirect_advice(headers["location"])]
    seconds = retry_after(headers)
    suffix = "" if seconds is None else f" (the server asks to wait {seconds:g} seconds)"
    error = error_class(
        f"{operation_id} was refused with {status_code}: {': '.join(details)}{suffix}",
        status_code=status_code,
        operation_id=operation_id,
        request_id=headers.get("x-request-id"),
        problem=problem,
        body=body,
    )
    error.retry_after_seconds = seconds
    return error


def _redirect_advice(location: str) -> str:
    """Explain a redirect that is not followed."""
    return (
        f"it redirects to {location[:MOST_LOCATION_CHARACTERS]!r}, which is not followed, since the API key would go"
        " there; if that is the right server, name it when the client is made (base_url, api_host, region, ...)"
    )


def excerpt(content: bytes) -> str:
    """Return the beginning of a body as one line of text."""
    text = " ".join(content[: MOST_BODY_CHARACTERS * 4].decode("utf-8", errors="replace").split())
    return text if len(text) <= MOST_BODY_CHARACTERS else text[: MOST_BODY_CHARACTERS - 3] + "..."


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of a `Retry-After` header; a date counts from the `Date` of the response, or else from now."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    from datetime import datetime
    from email.utils import parsedate_to_datetime

    try:
        until = parsedate_to_datetime(text)
        start = parsedate_to_datetime(headers["date"]) if "date" in headers else datetime.now(until.tzinfo)
        return max(0.0, (until - start).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return None


class DatedResponse(NamedTuple, Generic[T_co]):
    """A decoded response and its `Date` by the server's clock; None if it has no valid one."""

    value: T_co
    date: datetime | None


def decode_response(effect: Attempt[T], response: Response, *, key: Secret, dialect: Dialect) -> T:
    """Return the model in a response, and learn the dialect from it.

    The API key stays out of errors even if the server repeats it.

    Raises:
        APIError: the response is not a success.
        UndecodableBodyError: it is one, but its body does not follow the contract.
        ContractViolationError: it goes beyond the contract, and the attempt is strict.
    """
    operation = effect.operation
    if effect.on_response is not None:
        effect.on_response(response)
    if response.status_code not in SUCCESSES:
        response = _redact(key, response)
    try:
        outcome = operation.decode(response.status_code, response.headers, response.content)
    except DecodeError as error:
        reason = error
    else:
        if isinstance(outcome, Refusal):
            raise error_for(
                outcome.status_code,
                operation_id=operation.id,
                problem=outcome.problem,
                headers=response.headers,
                content=response.content,
            ).about(method=effect.request.method, path=effect.request.path, headers=response.headers)
        if not dialect.is_certain:
            dialect.learn_from(outcome.value if isinstance(outcome, DatedResponse) else outcome, response.content)
        if effect.strict:
            _check_strictly(effect, _redact(key, response), outcome, key=key, contract=dialect.contract)
        return outcome
    is_json, received = _is_json(response.content), response
    # Raised outside of the handler, and for the redacted response: the traceback of the other shows its variables.
    response = _redact(key, received)
    if response != received:
        reason = _redacted_reason(operation, response)
    del received
    raise UndecodableBodyError(
        f"{operation.id} was answered with {response.status_code}, but not as the contract says: {reason}",
        status_code=response.status_code,
        operation_id=operation.id,
        request_id=response.headers.get("x-request-id"),
        body=excerpt(response.content),
        is_json=is_json,
    ).about(method=effect.request.method, path=effect.request.path, headers=response.headers) from reason


def _check_strictly(
    effect: Attempt[T], response: Response, outcome: T, *, key: Secret, contract: Contract | None
) -> None:
    """Raise ContractViolationError if the model goes beyond the contract."""
    from axtasks.contract.strict import contract_violation

    violation = contract_violation(
        outcome,
        contract=contract,
        hide=key.redact_text,
        status_code=response.status_code,
        operation_id=effect.operation.id,
        request_id=response.headers.get("x-request-id"),
    )
    if violation is not None:
        raise violation.about(method=effect.request.method, path=effect.request.path, headers=response.headers)


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True


def _redact(key: Secret, response: Response) -> Response:
    """Return the response without the API key."""
    headers = {key.redact_text(name): key.redact_text(value) for name, value in response.headers.items()}
    return response._replace(headers=headers, content=key.redact(response.content))


def _redacted_reason(operation: Operation[Any, Any], response: Response) -> DecodeError:
    """Return the decode error of a redacted response: its reason quotes the beginnings of values."""
    try:
        operation.decode(response.status_code, response.headers, response.content)
    except DecodeError as error:
        return error
    return DecodeError("the API key stands where something else should")

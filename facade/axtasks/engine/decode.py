"""Decode a response into a model, or raise the matching error."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from axtasks_api.codec import DecodeError, Origin, decode_from
from axtasks_api.operation import SUCCESSES, Refusal

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
from axtasks.text import in_seconds, printable
from axtasks.transport.models import MOST_REFUSAL_BYTES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from axtasks_api.models import Problem

    from axtasks.config.credentials import Secret
    from axtasks.contract.dialect import Contract, Dialect
    from axtasks.transport.models import Response

    from .effects import Attempt

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

MOST_BODY_CHARACTERS = 200
# Of a title, and of a detail; what comes behind them is not cut off.
MOST_DETAIL_CHARACTERS = 1800
MOST_LOCATION_CHARACTERS = 500
REDIRECTS = range(300, 400)
FIRST_SERVER_ERROR = 500
# How today's contract refuses a taken name of a task, which is a 409 by the documents'.
UNPROCESSABLE, NAME_TAKEN = 422, "NAME_TAKEN"
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
    if status_code == UNPROCESSABLE and getattr(problem, "error_code", None) == NAME_TAKEN:
        error_class = ConflictError
    texts = [str(text) for text in (getattr(problem, "title", None), getattr(problem, "detail", None)) if text]
    texts = texts or [excerpt(content) or "no body"]
    details = [printable(text, most=MOST_DETAIL_CHARACTERS) for text in texts]
    if status_code in REDIRECTS and headers.get("location"):
        details = [_redirect_advice(headers["location"])]
    seconds = retry_after(headers)
    suffix = "" if seconds is None else f" (the server asks to wait {in_seconds(seconds)})"
    error = error_class(
        f"{operation_id} was refused with {status_code}: {': '.join(details)}{suffix}",
        status_code=status_code,
        operation_id=operation_id,
        request_id=headers.get("x-request-id"),
        problem=problem,
        body=body_text(content),
    )
    error.retry_after_seconds = seconds
    return error


def _redirect_advice(location: str) -> str:
    """Explain a redirect that is not followed."""
    return (
        f"it redirects to {location[:MOST_LOCATION_CHARACTERS]!r}, which is not followed, since the API key would go"
        " there; if that is the right server, name it when the client is made (base_url, api_host, region, ...)"
    )


def body_text(content: bytes) -> str:
    """Return a body as text."""
    return content.decode("utf-8", errors="replace")


def excerpt(content: bytes) -> str:
    """Return the beginning of a body as one line of text."""
    text = " ".join(body_text(content[: MOST_BODY_CHARACTERS * 4]).split())
    return text if len(text) <= MOST_BODY_CHARACTERS else text[: MOST_BODY_CHARACTERS - 3] + "..."


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of a `Retry-After` header; a date counts from the `Date` of the response, or else from now."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    until = http_date(text)
    if until is None:
        return None
    start = http_date(headers.get("date", "")) or datetime.now(UTC)
    return max(0.0, (until - start).total_seconds())


def http_date(text: str) -> datetime | None:
    """Return the time of a date of HTTP, in any of its three forms (RFC 9110); None for another text."""
    # Imported late: it takes longer to import than decoding a response.
    from email.utils import parsedate_to_datetime

    try:
        date = parsedate_to_datetime(text)
        # The oldest of the three forms names no zone, and means UTC.
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date
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
        origin = Origin(operation.id, _request_id(key, response.headers))
        outcome = decode_from(origin, operation.decode, response.status_code, response.headers, response.content)
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
            redacted = response._replace(headers=key.redact_headers(response.headers))
            _check_strictly(effect, redacted, outcome, key=key, contract=dialect.contract)
        return outcome
    is_json = _is_json(response.content)
    # Raised outside of the handler, and for the redacted response: the traceback of the other shows its variables.
    response, reason = _redact(key, response), _redact_reason(key, reason)
    raise UndecodableBodyError(
        f"{operation.id} was answered with {response.status_code}, but not as the contract says: {reason}",
        status_code=response.status_code,
        operation_id=operation.id,
        request_id=response.headers.get("x-request-id"),
        body=body_text(response.content),
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


def _request_id(key: Secret, headers: Mapping[str, str]) -> str | None:
    """Return what the server calls the exchange, without the API key."""
    request_id = headers.get("x-request-id")
    return None if request_id is None else key.redact_text(request_id)


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True


def _redact(key: Secret, response: Response) -> Response:
    """Return the response without the API key, and without the end of a body that is too long to be searched for it."""
    content, is_cut = response.content[:MOST_REFUSAL_BYTES], len(response.content) > MOST_REFUSAL_BYTES
    redacted = key.redact(content, is_cut=is_cut)
    return response._replace(headers=key.redact_headers(response.headers), content=redacted)


def _redact_reason(key: Secret, error: DecodeError) -> DecodeError:
    """Return a decode error without the API key, which may stand in the beginning of a value that it quotes.

    It is a new one: the traceback of the other shows the variables of decoding.
    """
    reason, path = key.redact_text(error.reason), key.redact_text(error.path)
    if key.is_quoted_in(reason) or key.is_quoted_in(path):
        return DecodeError("the API key stands where something else should")
    return DecodeError(printable(reason, most=MOST_DETAIL_CHARACTERS), printable(path, most=MOST_DETAIL_CHARACTERS))

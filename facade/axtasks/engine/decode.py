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
    """The error for an answer that is not a success.

    Args:
        status_code: the HTTP status, any integer.
        operation_id: the operation that was being carried out.
        problem: the Problem Details of the body, if it has any.
        headers: the headers of the answer, with lower-case names.
        content: the body.
    """
    kind = _BY_STATUS.get(status_code, ServerError if status_code >= FIRST_SERVER_ERROR else APIError)
    body = excerpt(content)
    words = [str(text) for text in (problem.title, problem.detail) if text] if problem else [body or "no body"]
    if status_code in REDIRECTS and headers.get("location"):
        words = [_redirect(headers["location"])]
    wait = retry_after(headers)
    asked = "" if wait is None else f" (the server asks to wait {wait:g} seconds)"
    error = kind(
        f"{operation_id} was refused with {status_code}: {': '.join(words)}{asked}",
        status_code=status_code,
        operation_id=operation_id,
        request_id=headers.get("x-request-id"),
        problem=problem,
        body=body,
    )
    error.retry_after_seconds = wait
    return error


def _redirect(location: str) -> str:
    """What to do about a redirect, in words."""
    return (
        f"it redirects to {location[:MOST_LOCATION_CHARACTERS]!r}, which is not followed, since the API key would go"
        " there; if that is the right server, name it when the client is made (base_url, api_host, region, ...)"
    )


def excerpt(content: bytes) -> str:
    """The beginning of a body as one line of text."""
    text = " ".join(content[: MOST_BODY_CHARACTERS * 4].decode("utf-8", errors="replace").split())
    return text if len(text) <= MOST_BODY_CHARACTERS else text[: MOST_BODY_CHARACTERS - 3] + "..."


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that a `Retry-After` header asks for; a date counts from that of the answer, or else from now."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    from datetime import datetime
    from email.utils import parsedate_to_datetime

    try:
        until = parsedate_to_datetime(text)
        wait = until - (parsedate_to_datetime(headers["date"]) if "date" in headers else datetime.now(until.tzinfo))
    except (TypeError, ValueError, OverflowError):
        return None
    return max(0.0, wait.total_seconds())


class DatedResponse(NamedTuple, Generic[T_co]):
    """What an operation answered, and when by the clock of the server; None where it did not say."""

    value: T_co
    date: datetime | None


def decode_response(effect: Attempt[T], answer: Response, *, key: Secret, dialect: Dialect) -> T:
    """The model in an answer.

    Args:
        effect: what was asked for.
        answer: what came.
        key: the API key, which stays out of errors even where a server repeats it.
        dialect: which dialect the server speaks, or what learns it from the answer.

    Raises:
        APIError: the answer is not a success.
        UndecodableBodyError: it is one, but its body is not what the contract says.
        ContractViolationError: it is understood, but goes beyond the contract, and that is asked about.
    """
    operation = effect.operation
    if effect.on_answer is not None:
        effect.on_answer(answer)
    if answer.status_code not in SUCCESSES:
        answer = _without(key, answer)
    try:
        outcome = operation.decode(answer.status_code, answer.headers, answer.content)
    except DecodeError as error:
        reason = error
    else:
        if isinstance(outcome, Refusal):
            raise error_for(
                outcome.status_code,
                operation_id=operation.id,
                problem=outcome.problem,
                headers=answer.headers,
                content=answer.content,
            ).about(method=effect.request.method, path=effect.request.path, headers=answer.headers)
        if not dialect.is_certain:
            dialect.see(outcome.value if isinstance(outcome, DatedResponse) else outcome, answer.content)
        if effect.strict:
            _check(effect, _without(key, answer), outcome, key=key, contract=dialect.contract)
        return outcome
    is_json, received = _is_json(answer.content), answer
    # Raised out here, and of this answer: where the key was repeated, the variables of whoever read it have it.
    answer = _without(key, received)
    if answer != received:
        reason = _reason_without_key(operation, answer)
    del received
    raise UndecodableBodyError(
        f"{operation.id} was answered with {answer.status_code}, but not as the contract says: {reason}",
        status_code=answer.status_code,
        operation_id=operation.id,
        request_id=answer.headers.get("x-request-id"),
        body=excerpt(answer.content),
        is_json=is_json,
    ).about(method=effect.request.method, path=effect.request.path, headers=answer.headers) from reason


def _check(effect: Attempt[T], answer: Response, outcome: T, *, key: Secret, contract: Contract | None) -> None:
    """Raises a ContractViolationError if the model has anything that the contract does not know."""
    from axtasks.contract.strict import contract_violation

    found = contract_violation(
        outcome,
        content=answer.content,
        contract=contract,
        hide=key.redact_text,
        status_code=answer.status_code,
        operation_id=effect.operation.id,
        request_id=answer.headers.get("x-request-id"),
    )
    if found is not None:
        raise found.about(method=effect.request.method, path=effect.request.path, headers=answer.headers)


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True


def _without(key: Secret, answer: Response) -> Response:
    """The answer without the key."""
    headers = {key.redact_text(name): key.redact_text(value) for name, value in answer.headers.items()}
    return answer._replace(headers=headers, content=key.redact(answer.content))


def _reason_without_key(operation: Operation[Any, Any], answer: Response) -> DecodeError:
    """Why an answer cannot be read, told of the answer without the key: reasons quote the beginnings of values."""
    try:
        operation.decode(answer.status_code, answer.headers, answer.content)
    except DecodeError as error:
        return error
    return DecodeError("the API key stands where something else should")

"""From an answer that is not a success to the error that stands for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import (
    APIError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
    UnprocessableEntityError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from axtasks_api_beta.models import Problem

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


def api_error(
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

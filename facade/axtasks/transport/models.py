"""Responses as they were received, and the limits on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from axtasks_api.operation import SUCCESSES

from axtasks.config.credentials import RedactedDict
from axtasks.errors import ResponseTooLargeError

from .body import ACCEPTED_ENCODING, BodyError, BodyTooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from axtasks_api.operation import PreparedRequest

    from axtasks.config.settings import Settings

JSON = "application/json"
# More than any server sends before the body, and little enough to hold.
MOST_HEAD_BYTES = 100 * 1024
# How many more bytes may come beside the body for each byte of it: a chunk of one byte has five.
MOST_BESIDE_A_BYTE = 16
# The most that is taken of the body of a refusal: all of it is searched for the key, which takes at most 15 ms.
MOST_REFUSAL_BYTES = 262_144


def request_headers(settings: Settings, *, has_content: bool) -> RedactedDict[str]:
    """Return the headers of a request, the API key included."""
    headers = RedactedDict[str](settings.headers)
    headers["accept"] = f"{JSON}, application/problem+json"
    headers["accept-encoding"] = ACCEPTED_ENCODING
    headers["user-agent"] = settings.user_agent
    headers["authorization"] = f"Bearer {settings.api_key.reveal()}"
    if has_content:
        headers["content-type"] = JSON
    return headers


def most_body_bytes(status_code: int, limit: int) -> int:
    """Return the limit on the body of a response with a status, where that on a success is `limit`."""
    return limit if status_code in SUCCESSES else min(limit, MOST_REFUSAL_BYTES)


class Response(NamedTuple):
    """A response as it was received: its status, its headers with lower-case names, its body."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes


def join_headers(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return headers as a dict; repeated ones are joined with a comma."""
    joined: dict[str, str] = {}
    for name, value in pairs:
        key, text = name.decode("ascii"), _text(value)
        joined[key] = f"{joined[key]}, {text}" if key in joined else text
    return joined


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def partial_response(
    error: BodyError | BodyTooLargeError, response: Response, *, request: PreparedRequest, settings: Settings
) -> Response:
    """Return a refusal whose body is incomplete, since it says enough without; raise for a success.

    Raises:
        ResponseTooLargeError: it is a success, with more of a body than the limit.
        BodyError: it is a success, and its body cannot be decompressed.
    """
    if response.status_code not in SUCCESSES:
        return response._replace(content=settings.api_key.redact(response.content, is_cut=True))
    if isinstance(error, BodyError):
        raise error
    headers = settings.api_key.redact_headers(response.headers)
    raise ResponseTooLargeError(
        f"{request.operation_id} was answered with more than {settings.limits.response_bytes} bytes; ask for"
        " less at once, or give the client other limits: Limits(response_bytes=...)",
        status_code=response.status_code,
        operation_id=request.operation_id,
        request_id=headers.get("x-request-id"),
    ).about(method=request.method, path=request.path, headers=headers)

"""What goes over the wire: a request in the form of httpx, and an answer out of that form."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from axtasks_api_beta.operation import SUCCESSES

from axtasks.bodies import ACCEPTED_ENCODING, Body, BodyError, BodyTooLargeError
from axtasks.errors import InvalidArgumentError, ResponseTooLargeError

from .errors import is_of_sending

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx
    from axtasks_api_beta.operation import PreparedRequest

    from axtasks.config import Settings
    from axtasks.timeouts import Timeouts


class Answer(NamedTuple):
    """An answer as it came: its status, its headers with lower-case names, its body."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes


def encoded(request: PreparedRequest) -> bytes:
    """The body as JSON.

    Raises:
        InvalidArgumentError: something in it is not of JSON, such as a NaN or an object of a class.
    """
    try:
        return json.dumps(request.body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidArgumentError(f"{request.operation_id} cannot be sent as JSON: {error}") from error


def built(
    client: httpx.Client | httpx.AsyncClient,
    request: PreparedRequest,
    settings: Settings,
    *,
    timeouts: Timeouts,
    read: float,
) -> httpx.Request:
    """The request in the form of httpx, with the key.

    Args:
        client: what is going to send it.
        request: what to send.
        settings: how the client is set up.
        timeouts: how long it may take.
        read: the most seconds to wait for a piece of the answer.

    Raises:
        InvalidArgumentError: something in it cannot be sent.
    """
    content = None if request.body is None else encoded(request)
    headers = {
        "accept": "application/json, application/problem+json",
        "accept-encoding": ACCEPTED_ENCODING,
        "user-agent": settings.user_agent,
    }
    if content is not None:
        headers["content-type"] = "application/json"
    made: Any = None
    reason = ""
    try:
        made = client.build_request(
            request.method,
            settings.base_url + request.path,
            params=list(request.query) or None,
            content=content,
            headers=headers,
            timeout=(timeouts.connect, read, timeouts.read, timeouts.connect),
        )
    except Exception as error:
        if not is_of_sending(error):
            raise
        reason = f"{type(error).__name__}: {error}"
    if made is None:
        raise InvalidArgumentError(f"{request.operation_id} cannot be sent: {reason}")
    made.headers["authorization"] = f"Bearer {settings.api_key.reveal()}"
    request_made: httpx.Request = made
    return request_made


def answer(response: httpx.Response, content: bytes) -> Answer:
    """What httpx received."""
    # Lower-case names, so that nobody has to know httpx's own mapping.
    return Answer(response.status_code, {k.lower(): v for k, v in response.headers.items()}, content)


def body_of(response: httpx.Response, settings: Settings) -> Body:
    """What the body of an answer is put together with."""
    # What was made rather than received is unpacked already.
    packed = "" if response.is_stream_consumed else response.headers.get("content-encoding", "")
    return Body(packed, most_bytes=settings.limits.response_bytes)


def spoilt(
    error: BodyError | BodyTooLargeError,
    response: httpx.Response,
    body: Body,
    *,
    request: PreparedRequest,
    settings: Settings,
) -> Answer:
    """The answer whose body is not whole: a refusal says enough without it.

    Raises:
        ResponseTooLargeError: it is a success, with more of a body than the limit.
        BodyError: it is a success, and its body cannot be unpacked.
    """
    if response.status_code not in SUCCESSES:
        return answer(response, body.received())
    if isinstance(error, BodyError):
        raise error
    hide = settings.api_key.hidden_in_text
    headers = {hide(name.lower()): hide(value) for name, value in response.headers.items()}
    raise ResponseTooLargeError(
        f"{request.operation_id} was answered with more than {settings.limits.response_bytes} bytes; ask for"
        " less at once, or give the client other limits: Limits(response_bytes=...)",
        status_code=response.status_code,
        operation_id=request.operation_id,
        request_id=headers.get("x-request-id"),
    ).about(method=request.method, path=request.path, headers=headers)

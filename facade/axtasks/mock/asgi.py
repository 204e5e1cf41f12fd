"""The mock as an ASGI application."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Router
from starlette.websockets import WebSocketClose

from . import page
from .control import is_control, most_bytes
from .control_access import ControlFrom, bar
from .delivery import AT_ONCE, Ending
from .messages import MockRequest
from .sockets import connection_of, held

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from .core import Mock
    from .messages import MockResponse


def application(mock: Mock, *, control_from: ControlFrom = ControlFrom.LOOPBACK) -> ASGIApp:
    """An application that gives every HTTP request to the mock, whose own operations are for `control_from`.

    One catch-all endpoint instead of a route per operation: which methods a path has is for the mock to say.
    """
    return Router(default=Endpoint(mock, control_from), redirect_slashes=False)


class Endpoint:
    """Answers what no other route does: all of it."""

    def __init__(self, mock: Mock, control_from: ControlFrom) -> None:
        self._mock = mock
        self._control_from = control_from

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the request whole, answer it whole."""
        if scope["type"] != "http":
            await WebSocketClose()(scope, receive, send)
            return
        request = Request(scope, receive)
        path = scope["raw_path"].decode("latin-1")
        try:
            body = await _read(request, most_bytes(path))
        except ClientDisconnect:
            return
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)
        is_guarded = is_control(path) or path in page.SOURCES
        asked = MockRequest(
            method=request.method,
            path=path,
            query=scope["query_string"].decode("latin-1"),
            headers=headers,
            body=body,
            barred=bar(_peer(scope), headers, self._control_from) if is_guarded else None,
        )
        answer = page.answer(asked) or self._mock.handle(asked)
        if answer.delivery == AT_ONCE:
            await _response(answer)(scope, receive, send)
            return
        with held(scope):
            if not await _is_gone_within(answer.delivery.delay_seconds, receive):
                await _deliver(answer, scope, receive, send)


def _peer(scope: Scope) -> str | None:
    """The address at the other end of the connection, which `MockServer` takes from the socket and no header."""
    client: tuple[str, int] | None = scope.get("client")
    return None if client is None else client[0]


def _response(answer: MockResponse) -> Response:
    return Response(answer.body, answer.status, headers=dict(answer.headers))


async def _deliver(answer: MockResponse, scope: Scope, receive: Receive, send: Send) -> None:
    """Send so much of an answer, and so slowly, as its delivery says; then end the connection if it says so."""
    delivery = answer.delivery
    ending = delivery.ending_for(answer.body)
    if ending is Ending.WHOLE and delivery.drip_seconds is None:
        await _response(answer)(scope, receive, send)
        return
    if ending in {Ending.WHOLE, Ending.TRUNCATED}:
        headers = _response(answer).raw_headers
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        for piece in delivery.pieces(answer.body):
            if delivery.drip_seconds is not None and await _is_gone_within(delivery.drip_seconds, receive):
                return
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    if ending is Ending.WHOLE:
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        return
    connection = connection_of(scope)
    if ending is Ending.RESET:
        connection.reset()
    else:
        connection.close()
    await _is_gone_within(None, receive)


async def _is_gone_within(seconds: float | None, receive: Receive) -> bool:
    """Let so many seconds pass, or as long as it takes if None, unless the client goes away first; whether it did."""
    try:
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return False
    return True


async def _read(request: Request, limit: int) -> bytes:
    """The body; of one over the limit only so much that the mock sees it is over."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        # The rest is still read and dropped: a client that is sending does not look for an answer yet.
        if size <= limit:
            chunks.append(chunk)
            size += len(chunk)
    return b"".join(chunks)

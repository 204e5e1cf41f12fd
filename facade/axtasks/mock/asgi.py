"""The mock as an ASGI application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Router
from starlette.websockets import WebSocketClose

from .call import BODY_LIMIT
from .messages import MockRequest

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from .core import Mock


def application(mock: Mock) -> ASGIApp:
    """An application that gives every HTTP request to the mock.

    One catch-all endpoint instead of a route per operation: which methods a path has is for the mock to say.
    """
    return Router(default=Endpoint(mock), redirect_slashes=False)


class Endpoint:
    """Answers what no other route does: all of it."""

    def __init__(self, mock: Mock) -> None:
        self._mock = mock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the request whole, answer it whole."""
        if scope["type"] != "http":
            await WebSocketClose()(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            body = await _read(request)
        except ClientDisconnect:
            return
        answer = self._mock.handle(
            MockRequest(
                method=request.method,
                path=scope["raw_path"].decode("latin-1"),
                query=scope["query_string"].decode("latin-1"),
                headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw),
                body=body,
            )
        )
        response = Response(answer.body, answer.status, headers=dict(answer.headers))
        await response(scope, receive, send)


async def _read(request: Request) -> bytes:
    """The body; of one over the limit only so much that the mock sees it is over."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        # The rest is still read and dropped: a client that is sending does not look for an answer yet.
        if size <= BODY_LIMIT:
            chunks.append(chunk)
            size += len(chunk)
    return b"".join(chunks)

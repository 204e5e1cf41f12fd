"""The mock as an ASGI application."""

from __future__ import annotations

import asyncio
import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from axtasks.mock.admin import page
from axtasks.mock.admin.access import Access
from axtasks.mock.admin.routes import PREFIX, most_bytes
from axtasks.mock.messages import AT_ONCE, Ending, MockRequest
from axtasks.mock.mock import is_below

from .connections import connection_of, held
from .cors import CorsPolicy

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, MutableMapping
    from typing import Any

    from axtasks.mock.messages import Headers, MockResponse
    from axtasks.mock.mock import Mock

    Message = MutableMapping[str, Any]
    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]

WANTS_CREDENTIALS = (
    "steering the mock takes its token: `Authorization: Bearer TOKEN`, or any name with it as the password"
)
WITHOUT_LENGTH = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}
ORIGIN = re.compile(r"\Ahttps?://[^/]*", re.IGNORECASE)


class Application:
    """An ASGI application that gives every HTTP request to a mock; it has no websockets.

    `access` decides who may use the admin API; by default this machine may. `cors` lists origins of other pages.
    """

    def __init__(self, mock: Mock, *, access: Access | None = None, cors: Iterable[str] = ()) -> None:
        self._mock = mock
        self._access = access or Access()
        self._cors = CorsPolicy(cors)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the request whole, answer it whole."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        if scope["type"] == "websocket":
            await send({"type": "websocket.close"})
            return
        # A target in absolute form (RFC 9112, 3.2.2), from which only one of uvicorn's two parsers takes the path.
        path = ORIGIN.sub("", scope["raw_path"].decode("latin-1"))
        body = await _read(receive, most_bytes(path))
        if body is None:
            return
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
        is_guarded = is_below(PREFIX, path) or path in page.SOURCES
        barred, lacks_token = self._bar(scope, headers, is_guarded=is_guarded)
        asked = MockRequest(
            method=scope["method"],
            path=path,
            query=scope["query_string"].decode("latin-1"),
            headers=headers,
            body=body,
            barred=barred,
            lacks_token=lacks_token,
        )
        if is_guarded:
            answer = page.answer(asked) or self._mock.handle(asked)
        elif self._cors.allows(asked):
            answer = self._cors.opened(asked, self._cors.preflight(asked) or self._mock.handle(asked))
        else:
            answer = self._mock.handle(asked)
        if answer.delivery == AT_ONCE:
            await _send(answer, send, is_head=asked.method == "HEAD")
            return
        with held(scope):
            if not await _is_gone_within(answer.delivery.delay_seconds, receive):
                await _deliver(answer, scope, receive, send)

    def _bar(self, scope: Scope, headers: Headers, *, is_guarded: bool) -> tuple[str | None, bool]:
        """Return the reason why a request is not answered, if there is one, and whether that is for want of a token."""
        if not is_guarded:
            return self._access.bar_host(headers), False
        # `MockServer` takes the address from the socket, and from no header.
        peer = (scope.get("client") or (None,))[0]
        barred = self._access.bar(peer, headers, http_version=scope.get("http_version", ""))
        lacks_token = barred is None and self._access.lacks_token(headers)
        return WANTS_CREDENTIALS if lacks_token else barred, lacks_token


async def _live(receive: Receive, send: Send) -> None:
    """Say that all is ready, and at the end that all is done."""
    while True:
        happened = (await receive())["type"]
        await send({"type": f"{happened}.complete"})
        if happened == "lifespan.shutdown":
            return


async def _send(answer: MockResponse, send: Send, *, is_head: bool) -> None:
    await send(_start(answer, is_head=is_head))
    await send({"type": "http.response.body", "body": answer.body})


def _start(answer: MockResponse, *, is_head: bool) -> Message:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    # To a HEAD it would be the length of what a GET gets, which is not known here (RFC 9110, 8.6).
    if answer.status not in WITHOUT_LENGTH and not is_head:
        headers.append((b"content-length", b"%d" % len(answer.body)))
    return {"type": "http.response.start", "status": answer.status, "headers": headers}


async def _deliver(answer: MockResponse, scope: Scope, receive: Receive, send: Send) -> None:
    """Send so much of an answer, and so slowly, as its delivery says; then end the connection if it says so."""
    delivery = answer.delivery
    ending = delivery.ending_for(answer.body)
    is_head = scope["method"] == "HEAD"
    if ending is Ending.WHOLE and delivery.drip_seconds is None:
        await _send(answer, send, is_head=is_head)
        return
    if ending in {Ending.WHOLE, Ending.TRUNCATED}:
        await send(_start(answer, is_head=is_head))
        for piece in delivery.pieces(answer.body):
            if delivery.drip_seconds is not None and await _is_gone_within(delivery.drip_seconds, receive):
                return
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    if ending is Ending.WHOLE:
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        return
    connection_of(scope).end(reset=ending is Ending.RESET)
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


async def _read(receive: Receive, limit: int) -> bytes | None:
    """The body, of one over the limit only so much that the mock sees it is over; None when the client went away."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        # The rest is still read and dropped: a client that is sending does not look for an answer yet.
        if len(body) <= limit:
            body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)

"""The mock as an ASGI application, called without a server."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from axtasks.mock import Mock
from axtasks.mock.operations.request import BODY_LIMIT
from axtasks.mock.serving.asgi import Application

pytestmark = [pytest.mark.one_door, pytest.mark.one_contract]

Message = dict[str, Any]
HTTP: Message = {
    "type": "http",
    "method": "POST",
    "path": "/v2/tasks",
    "raw_path": b"/v2/tasks",
    "query_string": b"",
    "client": ("127.0.0.1", 50000),
    "headers": [(b"authorization", b"Bearer any"), (b"content-type", b"application/json")],
}


def sent(mock: Mock, scope: Message, *received: Message) -> list[Message]:
    """Return the messages that the application sends after it receives these."""
    rest = iter(received)
    found: list[Message] = []

    async def receive() -> Message:
        return next(rest)

    async def send(message: Any) -> None:
        found.append(dict(message))

    asyncio.run(asyncio.wait_for(_call(mock, scope, receive, send), timeout=30))
    return found


async def _call(mock: Mock, scope: Message, receive: Any, send: Any) -> None:
    await Application(mock)(scope, receive, send)


def test_lifespan(mock: Mock) -> None:
    """Both lifespan events are confirmed at once."""
    found = sent(mock, {"type": "lifespan"}, {"type": "lifespan.startup"}, {"type": "lifespan.shutdown"})

    assert found == [{"type": "lifespan.startup.complete"}, {"type": "lifespan.shutdown.complete"}]


def test_websockets_are_refused(mock: Mock) -> None:
    """A websocket is closed at once."""
    assert sent(mock, {"type": "websocket"}) == [{"type": "websocket.close"}]


def test_an_incomplete_request_gets_no_response(mock: Mock) -> None:
    """A request whose client disconnects before its end gets no response, and is not in the journal."""
    half: Message = {"type": "http.request", "body": b'{"name":', "more_body": True}

    assert sent(mock, HTTP, half, {"type": "http.disconnect"}) == []
    assert mock.journal.exchanges() == []


def test_a_late_response_to_head_has_no_length() -> None:
    """Its length would be that of the response to a GET (RFC 9110, 8.6); a delay does not change that."""
    late = Mock(latency_seconds=0.001)

    async def answered() -> list[Message]:
        found: list[Message] = []
        received: list[Message] = [{"type": "http.request"}]

        async def receive() -> Message:
            if not received:
                await asyncio.Event().wait()
            return received.pop()

        async def send(message: Any) -> None:
            found.append(dict(message))

        await Application(late)({**HTTP, "method": "HEAD"}, receive, send)
        return found

    start, body = asyncio.run(asyncio.wait_for(answered(), timeout=30))

    assert (start["status"], body["body"]) == (405, b"")
    assert b"content-length" not in dict(start["headers"])


@pytest.mark.parametrize("chunks", [(b"{", b"", b"}"), (b"{}",)], ids=["in pieces", "whole"])
def test_a_body_may_come_in_pieces(mock: Mock, chunks: tuple[bytes, ...]) -> None:
    """A body is put together from all its pieces, empty ones included."""
    messages: list[Message] = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]

    start, body = sent(mock, HTTP, *messages, {"type": "http.request"})

    assert (start["status"], mock.journal.exchanges()[0].request_body) == (400, b"{}")
    assert (b"content-length", b"%d" % len(body["body"])) in start["headers"]


def test_the_rest_of_a_body_over_the_limit_is_dropped(mock: Mock) -> None:
    """A body over the limit is kept only until it is too large; the 413 is sent once all of it was received."""
    piece: Message = {"type": "http.request", "body": b" " * BODY_LIMIT, "more_body": True}

    start, _ = sent(mock, HTTP, piece, piece, piece, {"type": "http.request"})

    assert start["status"] == 413
    assert len(mock.journal.exchanges()[0].request_body) == 2 * BODY_LIMIT

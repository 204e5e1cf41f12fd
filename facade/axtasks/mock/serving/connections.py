"""The connection of an ASGI request, to close or to reset it: ASGI itself has no means for that."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import struct
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Protocol

    class _Cycle(Protocol):
        """A request that is under way, or the last one that was."""

        more_body: bool
        response_complete: bool

    class _Served(asyncio.Protocol):
        """The common parts of uvicorn's protocols."""

        app_state: dict[str, object]
        cycle: _Cycle | None

        def shutdown(self) -> None: ...

else:
    _Served = asyncio.Protocol

REQUEST_LINE = re.compile(rb"\A[!-~]+ [^\x00-\x20\x7f]+ HTTP/1\.[01]\r\n")
LINE = bytes(range(0x21, 0x7F)).decode() + " \r\n"
KEY = "axtasks.mock.connection"
# A reset instead of an orderly end is what a connection gets that is closed while it lingers for no time at all.
NO_LINGERING = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)


class Connection:
    """The connection that a request came through. It `is_held` while an answer on it is held back."""

    def __init__(self, transport: asyncio.Transport | None) -> None:
        self._transport = transport
        self.is_held = False

    def end(self, *, reset: bool = False) -> None:
        """Close it once what was sent so far has gone out, or reset it at once.

        Raises:
            LookupError: the server does not pass its connection on; `MockServer` does.
        """
        if self._transport is None:
            raise LookupError("a fault is to end the connection, which is for MockServer to do and for no other server")
        if reset:
            self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGERING)
            self._transport.abort()
        else:
            self._transport.close()


class _Reachable(_Served):
    """Puts each request's connection where the application finds it: uvicorn copies `app_state` into every scope."""

    _connection: Connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._connection = Connection(cast("asyncio.Transport", transport))
        self.app_state = {**self.app_state, KEY: self._connection}

    def data_received(self, data: bytes) -> None:
        # Browsers and curl send a target as it was typed, and both parsers refuse other bytes than ASCII in it.
        if not data.isascii() and (self.cycle is None or self.cycle.response_complete):
            data = REQUEST_LINE.sub(lambda found: quote(found[0], safe=LINE).encode(), data, count=1)
        super().data_received(data)

    def shutdown(self) -> None:
        super().shutdown()
        # The server would wait for the answer, or for the rest of the request's body, and then complain of it.
        if self._connection.is_held or (self.cycle is not None and self.cycle.more_body):
            self._connection.end()


def reachable(protocol: type[asyncio.Protocol]) -> type[asyncio.Protocol]:
    """A protocol of uvicorn's whose requests know their connection."""
    return type(f"Reachable{protocol.__name__}", (_Reachable, protocol), {})


@contextmanager
def held(scope: Mapping[str, object]) -> Iterator[None]:
    """While in here the answer to a request is held back, and a server that is to stop does not wait for it."""
    connection = connection_of(scope)
    connection.is_held = True
    try:
        yield
    finally:
        connection.is_held = False


def connection_of(scope: Mapping[str, object]) -> Connection:
    """Return the connection of a request; one that cannot be ended where the server does not pass it on."""
    state = scope.get("state")
    found = state.get(KEY) if isinstance(state, dict) else None
    return found if isinstance(found, Connection) else Connection(None)

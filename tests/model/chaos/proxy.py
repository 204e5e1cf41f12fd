"""A TCP proxy that disturbs an exchange at a chosen byte: close, reset, half-close, delay, throttle or repeat."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import ssl
    from asyncio import StreamReader, StreamWriter

HOST = "127.0.0.1"
PIECE_BYTES = 65_536
# The longest wait for open connections when the proxy ends.
GRACE_SECONDS = 1.0
# A linger time of zero makes closing a socket a reset.
NO_LINGERING = struct.pack("ii", 1, 0)


class Side(Enum):
    """One of the two directions of an exchange."""

    REQUEST = auto()
    RESPONSE = auto()


class Action(Enum):
    """A disturbance of one side after a number of its bytes.

    Attributes:
        CLOSE: both connections are closed.
        RESET: both connections are reset.
        HALF_CLOSE: this side is ended, and the other continues.
        DELAY: the rest is sent some seconds later, unless the client has closed the connection.
        THROTTLE: the rest is sent byte by byte, with a pause before each.
        DUPLICATE: the bytes so far are sent again, then the rest.
    """

    CLOSE = auto()
    RESET = auto()
    HALF_CLOSE = auto()
    DELAY = auto()
    THROTTLE = auto()
    DUPLICATE = auto()


@dataclass
class Disturbance:
    """A disturbance of one exchange.

    Attributes:
        side: the disturbed side.
        at: the number of bytes before the disturbance.
        action: the kind of disturbance.
        seconds: the length of a delay or pause.
        received: the bytes of each side since the exchange began.
        is_done: True if the disturbance has happened.
    """

    side: Side
    at: int
    action: Action
    seconds: float = 0
    received: dict[Side, bytes] = field(default_factory=lambda: dict.fromkeys(Side, b""))
    is_done: bool = False


class Proxy:
    """Forwards bytes to a server for the `with` block, in a thread of its own.

    Args:
        url: the server's URL.
        host: the address to listen on.
        context: the TLS context for clients; None for plain TCP.
    """

    def __init__(self, url: str, *, host: str = HOST, context: ssl.SSLContext | None = None) -> None:
        self._far = urlsplit(url)
        self._host = host
        self._context = context
        self._armed: tuple[Disturbance, bytes] | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fault-proxy")
        self._links: dict[asyncio.Task[None], Link] = {}

    @property
    def url(self) -> str:
        """The URL of the proxy."""
        port = self._server.sockets[0].getsockname()[1]
        return f"http://[{self._host}]:{port}" if ":" in self._host else f"http://{self._host}:{port}"

    def arm(self, disturbance: Disturbance, *, beginning: bytes = b"") -> Disturbance:
        """Disturb the next exchange, instead of one armed before.

        Args:
            disturbance: the disturbance.
            beginning: the first bytes of the request to disturb.
        """
        self._armed = (disturbance, beginning)
        return disturbance

    def take_disturbance(self, data: bytes) -> Disturbance | None:
        """Return the armed disturbance if it is for this request, and disarm it.

        Args:
            data: the first bytes of the request.
        """
        if self._armed is None or not data.startswith(self._armed[1]):
            return None
        (disturbance, _), self._armed = self._armed, None
        return disturbance

    def __enter__(self) -> Self:
        self._thread.start()
        starting = asyncio.start_server(self._serve, self._host, 0, ssl=self._context)
        self._server = asyncio.run_coroutine_threadsafe(starting, self._loop).result()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        """Stop listening, and wait for all connections to end; reset those that stay open."""
        self._server.close()
        links = dict(self._links)
        if links:
            await asyncio.wait(links, timeout=GRACE_SECONDS)
        for link in self._links.values():
            link.reset()
        if links:
            await asyncio.wait(links)

    async def _reach(self, near: tuple[StreamReader, StreamWriter]) -> tuple[StreamReader, StreamWriter]:
        """Connect to the server for a new connection of a client.

        Args:
            near: the reader and writer of the client's connection.
        """
        del near
        return await asyncio.open_connection(self._far.hostname, self._far.port)

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Carry one connection to its end."""
        task = asyncio.current_task()
        assert task is not None
        try:
            far = await self._reach((reader, writer))
        except (OSError, EOFError):
            _reset(writer)
            return
        self._links[task] = link = Link(self, (reader, writer), far)
        try:
            await link.carry()
        finally:
            del self._links[task]


class Link:
    """A connection of a client, and the matching connection to the server.

    Args:
        proxy: the proxy, which has the armed disturbance.
        near: the reader and writer of the client's connection.
        far: the reader and writer of the server's connection.
    """

    def __init__(
        self, proxy: Proxy, near: tuple[StreamReader, StreamWriter], far: tuple[StreamReader, StreamWriter]
    ) -> None:
        self._proxy = proxy
        self._disturbance: Disturbance | None = None
        self._ways = {Side.REQUEST: (near[0], far[1]), Side.RESPONSE: (far[0], near[1])}
        self._has_hung_up = asyncio.Event()

    async def carry(self) -> None:
        """Forward everything, until both sides have ended or a connection breaks."""
        try:
            async with asyncio.TaskGroup() as pumps:
                for side in Side:
                    pumps.create_task(self._pump(side))
        except* OSError:
            self.reset()
        finally:
            self.close()

    def close(self) -> None:
        """Close both connections."""
        for _, writer in self._ways.values():
            writer.close()

    def reset(self) -> None:
        """Reset both connections, and end all pauses."""
        self._has_hung_up.set()
        for _, writer in self._ways.values():
            _reset(writer)

    async def _pump(self, side: Side) -> None:
        """Forward one side, and drop the bytes after the end that a disturbance has set."""
        reader, writer = self._ways[side]
        is_open = True
        while data := await reader.read(PIECE_BYTES):
            if side is Side.REQUEST:
                self._disturbance = self._proxy.take_disturbance(data) or self._disturbance
            is_open = is_open and await self._pass(side, data, writer)
        if side is Side.REQUEST:
            self._has_hung_up.set()
        if is_open:
            # TLS cannot end one side alone.
            (writer.write_eof if writer.can_write_eof() else writer.close)()

    async def _pass(self, side: Side, data: bytes, writer: StreamWriter) -> bool:
        """Forward bytes, with the disturbance if it is due; return True if more of this side may follow."""
        disturbance = self._disturbance
        if disturbance is None:
            return await _send(data, writer)
        before = disturbance.received[side]
        received = disturbance.received[side] = before + data
        if disturbance.is_done or disturbance.side is not side or len(received) < disturbance.at:
            return await _send(data, writer)
        disturbance.is_done = True
        await _send(received[len(before) : disturbance.at], writer)
        return await self._disturb(disturbance, received[disturbance.at :], writer)

    async def _disturb(self, disturbance: Disturbance, rest: bytes, writer: StreamWriter) -> bool:
        """Disturb a side whose remaining bytes are `rest`; return True if more may follow."""
        match disturbance.action:
            case Action.CLOSE:
                self.close()
            case Action.RESET:
                self.reset()
            case Action.HALF_CLOSE:
                writer.write_eof()
            case Action.DELAY:
                return await self._send_slowly([rest], disturbance.seconds, writer)
            case Action.THROTTLE:
                return await self._send_slowly([bytes([byte]) for byte in rest], disturbance.seconds, writer)
            case Action.DUPLICATE:
                return await _send(disturbance.received[disturbance.side][: disturbance.at] + rest, writer)
        return False

    async def _send_slowly(self, pieces: list[bytes], seconds: float, writer: StreamWriter) -> bool:
        """Send each piece after a pause; return False if the client closes the connection in a pause."""
        for piece in pieces:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._has_hung_up.wait()
                return False
            await _send(piece, writer)
        return True


async def _send(data: bytes, writer: StreamWriter) -> bool:
    """Send data; return True, as more may follow."""
    writer.write(data)
    await writer.drain()
    return True


def _reset(writer: StreamWriter) -> None:
    """Reset a connection."""
    link = writer.get_extra_info("socket")
    if link.fileno() >= 0:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGERING)
    writer.transport.abort()

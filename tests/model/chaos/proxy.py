"""A TCP proxy that disturbs an exchange at a chosen byte: closes, resets, half-closes, delays, throttles or repeats."""

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
# What a proxy that ends waits for connections that nobody ends.
GRACE_SECONDS = 1.0
# A socket that lingers for no time at all is reset when it is closed.
NO_LINGERING = struct.pack("ii", 1, 0)


class Side(Enum):
    """One of the two directions of an exchange."""

    REQUEST = auto()
    RESPONSE = auto()


class Action(Enum):
    """A disturbance of one side, once so many bytes of it have passed.

    Attributes:
        CLOSE: both connections are closed.
        RESET: both connections are reset.
        HALF_CLOSE: this side is ended, and the other goes on.
        DELAY: the rest comes some seconds later, but not to a client that has hung up.
        THROTTLE: the rest comes byte by byte, with some seconds before each.
        DUPLICATE: what has passed comes once more, and then the rest.
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
        side: the side that is disturbed.
        at: after how many of its bytes.
        action: how.
        seconds: for how long, where that matters.
        heard: the bytes of each side, from the moment on at which it has found its exchange.
        is_done: whether it has struck.
    """

    side: Side
    at: int
    action: Action
    seconds: float = 0
    heard: dict[Side, bytes] = field(default_factory=lambda: dict.fromkeys(Side, b""))
    is_done: bool = False


class Proxy:
    """Passes bytes on to a server while the `with` block lasts, from a thread of its own.

    Args:
        url: where the server listens.
        host: the address to listen on.
        context: with which it speaks TLS to clients; None for plain TCP.
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
        """Where it listens."""
        port = self._server.sockets[0].getsockname()[1]
        return f"http://[{self._host}]:{port}" if ":" in self._host else f"http://{self._host}:{port}"

    def arm(self, disturbance: Disturbance, *, beginning: bytes = b"") -> Disturbance:
        """Disturbs the next exchange, in place of what was armed before.

        Args:
            disturbance: how.
            beginning: the first bytes of the request that is meant.
        """
        self._armed = (disturbance, beginning)
        return disturbance

    def taken(self, data: bytes) -> Disturbance | None:
        """The disturbance that is for a request, which is thereby used up.

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
        """Stops listening, and waits for all connections to end; those that others still hold are reset."""
        self._server.close()
        links = dict(self._links)
        if links:
            await asyncio.wait(links, timeout=GRACE_SECONDS)
        for link in self._links.values():
            link.reset()
        if links:
            await asyncio.wait(links)

    async def _reach(self, near: tuple[StreamReader, StreamWriter]) -> tuple[StreamReader, StreamWriter]:
        """Connects to the server that a new connection is for.

        Args:
            near: the ends of the connection of the client.
        """
        del near
        return await asyncio.open_connection(self._far.hostname, self._far.port)

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Carries one connection to its end."""
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
    """A connection of a client, and the one to the server that belongs to it.

    Args:
        proxy: what knows of disturbances.
        near: the ends of the connection of the client.
        far: the ends of the connection to the server.
    """

    def __init__(
        self, proxy: Proxy, near: tuple[StreamReader, StreamWriter], far: tuple[StreamReader, StreamWriter]
    ) -> None:
        self._proxy = proxy
        self._disturbance: Disturbance | None = None
        self._ways = {Side.REQUEST: (near[0], far[1]), Side.RESPONSE: (far[0], near[1])}
        self._has_hung_up = asyncio.Event()

    async def carry(self) -> None:
        """Passes everything on, until both sides have ended or a connection breaks."""
        try:
            async with asyncio.TaskGroup() as pumps:
                for side in Side:
                    pumps.create_task(self._pump(side))
        except* OSError:
            self.reset()
        finally:
            self.close()

    def close(self) -> None:
        """Closes both connections."""
        for _, writer in self._ways.values():
            writer.close()

    def reset(self) -> None:
        """Resets both connections, and ends every pause."""
        self._has_hung_up.set()
        for _, writer in self._ways.values():
            _reset(writer)

    async def _pump(self, side: Side) -> None:
        """Passes one side on, and drops what comes after the end that a disturbance has put to it."""
        reader, writer = self._ways[side]
        is_open = True
        while data := await reader.read(PIECE_BYTES):
            if side is Side.REQUEST:
                self._disturbance = self._proxy.taken(data) or self._disturbance
            is_open = is_open and await self._pass(side, data, writer)
        if side is Side.REQUEST:
            self._has_hung_up.set()
        if is_open:
            # TLS has no end of one side alone.
            (writer.write_eof if writer.can_write_eof() else writer.close)()

    async def _pass(self, side: Side, data: bytes, writer: StreamWriter) -> bool:
        """Passes a piece on, disturbed if that is due; whether more of this side may follow."""
        disturbance = self._disturbance
        if disturbance is None:
            return await _send(data, writer)
        before = disturbance.heard[side]
        heard = disturbance.heard[side] = before + data
        if disturbance.is_done or disturbance.side is not side or len(heard) < disturbance.at:
            return await _send(data, writer)
        disturbance.is_done = True
        await _send(heard[len(before) : disturbance.at], writer)
        return await self._disturb(disturbance, heard[disturbance.at :], writer)

    async def _disturb(self, disturbance: Disturbance, rest: bytes, writer: StreamWriter) -> bool:
        """Disturbs a side, of which this rest is here and has not passed; whether more may follow."""
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
                return await _send(disturbance.heard[disturbance.side][: disturbance.at] + rest, writer)
        return False

    async def _send_slowly(self, pieces: list[bytes], seconds: float, writer: StreamWriter) -> bool:
        """Sends each piece after a pause; false if the client hung up in one."""
        for piece in pieces:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._has_hung_up.wait()
                return False
            await _send(piece, writer)
        return True


async def _send(data: bytes, writer: StreamWriter) -> bool:
    """Sends data; true, as more may follow."""
    writer.write(data)
    await writer.drain()
    return True


def _reset(writer: StreamWriter) -> None:
    """Resets a connection."""
    link = writer.get_extra_info("socket")
    if link.fileno() >= 0:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGERING)
    writer.transport.abort()

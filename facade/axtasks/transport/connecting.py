"""Connecting a socket without blocking, to whichever of a server's addresses answers first."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from axtasks.config.endpoint import Address

# How long one address may take before the next is tried beside it: some are announced, and lead nowhere.
HEAD_START_SECONDS = 0.25


async def linked(address: Address) -> socket.socket:
    """A socket that is connected to a server.

    Args:
        address: where it is.

    Raises:
        OSError: none of its addresses can be reached.
    """
    places = await _places(address)
    trying: set[asyncio.Task[socket.socket]] = set()
    failed: BaseException | None = None
    try:
        while places or trying:
            if places:
                trying.add(asyncio.ensure_future(_linked(*places.pop(0))))
            done, trying = await asyncio.wait(
                trying, timeout=HEAD_START_SECONDS if places else None, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                failed = task.exception()
                if failed is None:
                    trying |= done - {task}
                    return task.result()
        raise failed or OSError(f"{address.host} has no address")
    finally:
        await _dropped(trying)


async def _places(address: Address) -> list[tuple[Any, ...]]:
    """What the system knows of where a server is."""
    try:
        # An address needs no asking.
        return socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except socket.gaierror:
        loop = asyncio.get_running_loop()
        return await loop.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)


async def _linked(family: int, kind: int, protocol: int, _: str, place: tuple[Any, ...]) -> socket.socket:
    link = socket.socket(family, kind, protocol)
    try:
        link.setblocking(False)
        await asyncio.get_running_loop().sock_connect(link, place)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        link.close()
        raise
    return link


async def _dropped(tasks: set[asyncio.Task[socket.socket]]) -> None:
    """Gives up what is still being tried."""
    for task in tasks:
        task.cancel()
    for link in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(link, socket.socket):
            link.close()

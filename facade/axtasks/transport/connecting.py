"""Connect a socket without blocking, to the first of a server's addresses that can be reached."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from axtasks.config.endpoint import Address

# How long one address may take before the next is tried beside it: some are announced, and lead nowhere.
HEAD_START_SECONDS = 0.25


async def linked(address: Address) -> socket.socket:
    """Return a socket connected to a server.

    Raises:
        OSError: none of its addresses can be reached.
    """
    addresses = await _addresses(address)
    trying: set[asyncio.Task[socket.socket]] = set()
    failed: BaseException | None = None
    try:
        while addresses or trying:
            if addresses:
                trying.add(asyncio.ensure_future(_linked(*addresses.pop(0))))
            done, trying = await asyncio.wait(
                trying, timeout=HEAD_START_SECONDS if addresses else None, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                failed = task.exception()
                if failed is None:
                    trying |= done - {task}
                    return task.result()
        raise failed or OSError(f"{address.host} has no address")
    finally:
        await _dropped(trying)


async def _addresses(address: Address) -> list[tuple[Any, ...]]:
    """Return the addresses of a server."""
    try:
        # A numeric address needs no DNS.
        return socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except socket.gaierror:
        loop = asyncio.get_running_loop()
        return await loop.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)


async def _linked(family: int, kind: int, protocol: int, _: str, target: tuple[Any, ...]) -> socket.socket:
    link = socket.socket(family, kind, protocol)
    try:
        link.setblocking(False)
        await asyncio.get_running_loop().sock_connect(link, target)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        link.close()
        raise
    return link


async def _dropped(tasks: set[asyncio.Task[socket.socket]]) -> None:
    """Cancel the other attempts, and close their sockets."""
    for task in tasks:
        task.cancel()
    for link in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(link, socket.socket):
            link.close()

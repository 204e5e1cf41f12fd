"""What carries requests, for tests that hold whatever does."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock

from axtasks.transport import base as transport
from axtasks.transport import readers

if TYPE_CHECKING:
    from collections.abc import Iterator

DIRECT = "direct"
FAST = "fast"
HTTPX = "httpx"
ENGINES = (DIRECT, FAST, HTTPX)
"""Sockets of our own whose answers h11 reads, the same whose answers httptools reads, and httpx."""
APART = (DIRECT, HTTPX)
"""Those that have connections of their own, as the first two share theirs but for who reads."""


@contextmanager
def carried_by(engine: str) -> Iterator[None]:
    """Clients that first send something meanwhile do it this way, whatever they would choose.

    Args:
        engine: one of `ENGINES`.
    """
    with (
        mock.patch.object(transport, "is_direct", return_value=engine != HTTPX),
        mock.patch.object(readers, "IS_FAST", engine == FAST),
    ):
        readers.reader.cache_clear()
        yield
    readers.reader.cache_clear()


def preamble(engine: str) -> str:
    """The first lines of a program whose clients send this way.

    Args:
        engine: one of `ENGINES`.
    """
    chosen = f"transport.is_direct = lambda _: {engine != HTTPX}\nreaders.IS_FAST = {engine == FAST}\n"
    return f"from axtasks.transport import base as transport\nfrom axtasks.transport import readers\n{chosen}"


def is_at_rest(engine: Any) -> bool:
    """Whether all connections that an engine has left wait for a request.

    Args:
        engine: what a transport of either client uses.
    """
    if hasattr(engine, "client"):
        return all(connection.is_idle() for connection in engine.client._transport._pool.connections)
    if hasattr(engine, "_all"):
        return set(engine.kept._idle) == {each for each in engine._all if not each._link.is_closing()}
    return bool(engine.under_way == 0)


def is_closed(engine: Any) -> bool:
    """Whether an engine has let go of its connections, and makes no new ones.

    Args:
        engine: what a transport of either client uses.
    """
    return bool(engine.client.is_closed if hasattr(engine, "client") else engine.kept.is_closed and not engine.kept)

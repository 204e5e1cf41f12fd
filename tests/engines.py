"""What carries requests, for tests that hold whatever does."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock

from axtasks.transport import base as transport

if TYPE_CHECKING:
    from collections.abc import Iterator

DIRECT = "direct"
HTTPX = "httpx"
ENGINES = APART = (DIRECT, HTTPX)
"""httpcore's network backends with h11, and a client of httpx."""


@contextmanager
def carried_by(engine: str) -> Iterator[None]:
    """Clients that first send something meanwhile do it this way, whatever they would choose.

    Args:
        engine: one of `ENGINES`.
    """
    with mock.patch.object(transport, "is_direct", return_value=engine != HTTPX):
        yield


def preamble(engine: str) -> str:
    """The first lines of a program whose clients send this way.

    Args:
        engine: one of `ENGINES`.
    """
    return f"from axtasks.transport import base as transport\ntransport.is_direct = lambda _: {engine != HTTPX}\n"


def is_at_rest(engine: Any) -> bool:
    """Whether all connections that an engine has left wait for a request.

    Args:
        engine: what a transport of either client uses.
    """
    if hasattr(engine, "client"):
        return all(connection.is_idle() for connection in engine.client._transport._pool.connections)
    if hasattr(engine, "open"):
        return bool(set(engine.idle._idle) == engine.open)
    return bool(engine.active == 0)


def is_closed(engine: Any) -> bool:
    """Whether an engine has let go of its connections, and makes no new ones.

    Args:
        engine: what a transport of either client uses.
    """
    return bool(engine.client.is_closed if hasattr(engine, "client") else engine.idle.is_closed and not engine.idle)

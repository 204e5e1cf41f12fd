"""The HTTP engines, for tests that hold for each of them."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock

from axtasks.config.endpoint import Address
from axtasks.config.proxy import Proxy, parse_proxy
from axtasks.transport import base as transport
from axtasks.transport.httpx_engine import HttpxEngine
from axtasks.transport.network import MOST_AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DIRECT = "direct"
HTTPX = "httpx"
ENGINES = (DIRECT, HTTPX)
"""httpcore's network backends with h11, and a client of httpx, as for SOCKS proxies."""


PROXY = "proxy"
LIBRARIES = ("httpx-given", "httpx2-given")
ALL_ENGINES = (*ENGINES, PROXY, *LIBRARIES)
"""The same, our own through a proxy, and clients that were passed in."""

NOWHERE = Address("127.0.0.1", 9, "127.0.0.1:9")


@contextmanager
def carried_by(engine: str) -> Iterator[None]:
    """Make clients that send their first request in the block use this engine.

    Args:
        engine: one of `ALL_ENGINES`.
    """
    with ExitStack() as stack:
        if engine in LIBRARIES:
            library = __import__(engine.partition("-")[0])
            for kind, client_class in (
                (transport.SyncTransport, library.Client),
                (transport.AsyncTransport, library.AsyncClient),
            ):
                stack.enter_context(mock.patch.object(kind, "make_engine", made_on(client_class)))
        proxy = None
        if engine == HTTPX:
            # The client of httpx reads the environment itself, and finds no proxy there.
            proxy = Proxy("socks5", NOWHERE)
        elif engine == PROXY:
            from tests.e2e.engines.server import ForwardProxy

            proxy = parse_proxy(stack.enter_context(ForwardProxy()).url)
        stack.enter_context(mock.patch.object(transport, "proxy_for", return_value=proxy))
        yield


def made_on(client_class: Any) -> Callable[[Any], Any]:
    """Return a function that makes an engine on a client of a library, as if that had been passed in."""

    def make(self: Any) -> Any:
        return HttpxEngine(self.settings, client_class(trust_env=False), is_awaited=self.is_awaited, proxy=None)

    return make


def preamble(engine: str) -> str:
    """Return the first lines of a program whose clients use this engine.

    Args:
        engine: one of `ENGINES`.
    """
    return f"from tests.engines import carried_by\nchosen = carried_by({engine!r})\nchosen.__enter__()\n"


def is_at_rest(engine: Any) -> bool:
    """Return True if all open connections of an engine are idle.

    Args:
        engine: what a transport of either client uses.
    """
    if hasattr(engine, "client"):
        return all(connection.is_idle() for connection in engine.client._transport._pool.connections)
    return bool(engine.network.slots._value == MOST_AT_ONCE)


def is_closed(engine: Any) -> bool:
    """Return True if an engine has closed its connections, and opens no new ones.

    Args:
        engine: what a transport of either client uses.
    """
    return bool(
        engine.client.is_closed if hasattr(engine, "client") else engine.idle.is_closed and engine.idle.take() is None
    )

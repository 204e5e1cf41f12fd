"""The engines of the table, and clients that use them."""

from __future__ import annotations

import os
import ssl
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest import mock

from axtasks import AsyncAxClient, AxClient, RetryPolicy, Timeouts

from tests import planted
from tests.engines import DIRECT, carried_by

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

BLOCKING, AWAITING = CLIENTS = ("blocking", "awaiting")
OWN, PROXY, GIVEN = "own", "proxy", "given"
"""Kinds of engines: the client's own; the same through a proxy in the environment; a given `http_client`."""
PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY")


class Engine(NamedTuple):
    """An engine: the part of a client that sends and receives bytes.

    Attributes:
        name: the name in the table.
        kind: one of `OWN`, `PROXY` and `GIVEN`.
        library: the library of a given `http_client`; empty for other kinds.
    """

    name: str
    kind: str
    library: str = ""

    def selected(self) -> AbstractContextManager[None]:
        """Make clients use this engine if they send their first request inside the block."""
        return carried_by(self.name) if self.kind == OWN else nullcontext()

    def client(
        self,
        url: str,
        client: str,
        *,
        total_seconds: float,
        connect_seconds: float,
        ca_file: Path,
    ) -> tuple[Any, Any]:
        """Return a sync or async client, and the `http_client` that it was given or None.

        Args:
            url: the address of the server.
            client: one of `CLIENTS`.
            total_seconds: its total timeout.
            connect_seconds: its timeout for connecting and for each read.
            ca_file: the certificate authority to trust.
        """
        settings: dict[str, Any] = {
            "api_key": planted.UNIT,
            "base_url": url,
            "allow_http": True,
            "contract": "documents",
            "retry": RetryPolicy(attempts=1),
            "timeout": Timeouts(connect=connect_seconds, read=connect_seconds, total=total_seconds),
        }
        given = None
        if self.kind == GIVEN:
            library = __import__(self.library)
            context = ssl.create_default_context(cafile=ca_file)
            given = (library.Client if client == BLOCKING else library.AsyncClient)(verify=context, trust_env=False)
            settings["http_client"] = given
        else:
            settings["ca_file"] = ca_file
        return (AxClient if client == BLOCKING else AsyncAxClient)(**settings), given


ENGINES = {
    engine.name: engine
    for engine in (
        Engine(DIRECT, OWN),
        Engine("proxy", PROXY),
        Engine("httpx-given", GIVEN, "httpx"),
        Engine("httpx2-given", GIVEN, "httpx2"),
    )
}


@contextmanager
def proxy_named(url: str) -> Iterator[None]:
    """Set the proxy variables of the environment; an empty address unsets them.

    Args:
        url: the address of the proxy.
    """
    cleared = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    named = dict.fromkeys(PROXY_VARIABLES, url) if url else {}
    with mock.patch.dict(os.environ, cleared | named, clear=True):
        yield

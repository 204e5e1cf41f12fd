"""HTTP over a bare socket, byte for byte."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.mock.support import AUTHORIZED

if TYPE_CHECKING:
    from axtasks.mock.messages import Headers

PATIENCE_SECONDS = 20


def connected(url: str, method: str, target: str, body: bytes = b"", *, headers: Headers = AUTHORIZED) -> socket.socket:
    """Return a connection on which one request has been sent, with `Connection: close`.

    The host has no port, so that responses and the journal do not depend on it.
    """
    address = urlsplit(url)
    connection = socket.create_connection((address.hostname, address.port), timeout=PATIENCE_SECONDS)
    is_chunked = any(name.lower() == "transfer-encoding" for name, _ in headers)
    length = (("Content-Length", str(len(body))),) if body and not is_chunked else ()
    own = (("Host", "localhost"), ("Connection", "close"), *length)
    fields = "".join(f"{name}: {value}\r\n" for name, value in (*own, *headers))
    connection.sendall(f"{method} {target} HTTP/1.1\r\n".encode() + f"{fields}\r\n".encode("latin-1") + body)
    return connection


def exchange(url: str, method: str, target: str, body: bytes = b"", *, headers: Headers = AUTHORIZED) -> bytes:
    """Return all bytes that come back for one request, until the connection is closed.

    Raises:
        ConnectionResetError: the connection is reset.
    """
    with connected(url, method, target, body, headers=headers) as connection:
        return b"".join(iter(lambda: connection.recv(65536), b""))

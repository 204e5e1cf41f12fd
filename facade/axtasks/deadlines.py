"""Blocking sockets that keep a deadline: each wait for data is cut to what is left until then.

The HTTP library has one timeout for every wait, so that an answer which drips in byte by byte could take for ever,
its headers most of all, where nobody looks in between. What stands here is put between the library and its sockets.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable

    import httpcore


class Until(float):
    """A timeout in seconds that is over at a point in time, whatever happens in between.

    Args:
        seconds: the most seconds of one wait.
        ends: the monotonic time at which every wait is over.
    """

    __slots__ = ("ends",)
    ends: float

    def __new__(cls, seconds: float, ends: float) -> Until:
        """Makes the timeout."""
        until = float.__new__(cls, seconds)
        until.ends = ends
        return until


def left(timeout: float | None) -> float | None:
    """The seconds that one wait may take now; 0 or less if none.

    Args:
        timeout: a timeout as the HTTP library was given it.
    """
    return min(timeout, timeout.ends - monotonic()) if isinstance(timeout, Until) else timeout


class PunctualStream:
    """A connection whose waits end at the deadline."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Data, as soon as there is any.

        Args:
            max_bytes: the most bytes to read.
            timeout: the most seconds to wait.
        """
        seconds = left(timeout)
        if seconds is not None and seconds <= 0:
            import httpcore

            raise httpcore.ReadTimeout("the time for the answer is over")
        return self._inner.read(max_bytes, seconds)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Nothing, once all was sent.

        Args:
            buffer: what to send.
            timeout: the most seconds to wait.
        """
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        """Closes the connection."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> PunctualStream:
        """The connection, with TLS on it.

        Args:
            ssl_context: whom to trust.
            server_hostname: who the server has to be.
            timeout: the most seconds to wait.
        """
        return PunctualStream(self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> object:
        """What the connection tells of itself.

        Args:
            info: the name of what to tell.
        """
        return self._inner.get_extra_info(info)


class PunctualBackend:
    """Makes connections whose waits end at the deadline."""

    def __init__(self, inner: httpcore.NetworkBackend) -> None:
        self._inner = inner

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> PunctualStream:
        """A connection.

        Args:
            host: name or address of the server.
            port: its port.
            timeout: the most seconds to wait for each of its addresses.
            local_address: the address to connect from.
            socket_options: options of the socket.
        """
        return PunctualStream(self._inner.connect_tcp(host, port, timeout, local_address, socket_options))

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> PunctualStream:
        """A connection within this machine.

        Args:
            path: the socket's file.
            timeout: the most seconds to wait.
            socket_options: options of the socket.
        """
        return PunctualStream(self._inner.connect_unix_socket(path, timeout, socket_options))

    def sleep(self, seconds: float) -> None:
        """Lets time pass.

        Args:
            seconds: how much.
        """
        self._inner.sleep(seconds)

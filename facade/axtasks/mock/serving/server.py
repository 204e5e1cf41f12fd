"""The mock on a socket, served from a thread of this process."""

from __future__ import annotations

import asyncio
import errno
import os
import secrets
import socket
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal, Self, Unpack

import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from axtasks.mock.admin.access import Access, ControlFrom
from axtasks.mock.mock import Mock, MockOptions

from .asgi import Application
from .connections import reachable

if TYPE_CHECKING:
    from collections.abc import Iterable

# Longer than any client waits between two polls: a connection closed under a client's hands looks like an outage.
KEEP_ALIVE_SECONDS = 75
OUT_OF_FILES = {errno.EMFILE, errno.ENFILE}
GRACE_SECONDS = 1
BACKLOG = 2048
TOKEN_BYTES = 24
LOOPBACK_HOSTS = ("127.0.0.1", "::1", "localhost")
# How often the event loop turns until connections that were closed are gone.
MOST_TURNS = 10


class MockServer:
    """A mock that listens while the `with` block lasts::

        with MockServer(run_seconds=0) as server:
            print(server.url)

    Args:
        mock: the mock to serve; one is made of the `options` when left out.
        host: the address to listen on.
        port: the port to listen on; 0 picks a free one, and `url` tells which.
        control_from: where requests for the mock's own operations may come from: this machine (`loopback`), `any`,
            which takes the `control_token`, or `nobody`.
        control_token: the token that these requests carry; with `any` one is made when left out or empty.
        allow_hosts: the names that the API answers under, besides those of this machine and `host`.
        cors: the origins whose web pages may use the API, such as `http://localhost:3000`; `*` is for those of any.
        **options: those of `Mock`.
    """

    mock: Mock
    """The mock behind the socket."""
    control_token: str | None
    """The token that requests for the mock's own operations have to carry; None for none."""

    def __init__(
        self,
        mock: Mock | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        control_from: Literal["loopback", "any", "nobody"] = "loopback",
        control_token: str | None = None,
        allow_hosts: Iterable[str] = (),
        cors: Iterable[str] = (),
        **options: Unpack[MockOptions],
    ) -> None:
        if mock is not None and options:
            raise TypeError(f"{', '.join(options)} cannot be given with a mock: give them to the mock")
        allow_hosts, cors = ([given] if isinstance(given, str) else given for given in (allow_hosts, cors))
        self.mock = Mock(**options) if mock is None else mock
        self._host = host
        self._port = port
        chosen = ControlFrom(control_from)
        made = secrets.token_urlsafe(TOKEN_BYTES) if chosen is ControlFrom.ANY else None
        self.control_token = control_token or made
        hosts = frozenset(name.lower() for name in (host, *allow_hosts))
        access = Access(chosen, self.control_token, hosts, takes_addresses=host not in LOOPBACK_HOSTS)
        self._application = Application(self.mock, access=access, cors=cors)
        self._worker: _Worker | None = None

    @property
    def url(self) -> str:
        """The URL that it listens on, without a slash at the end."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    def __enter__(self) -> Self:
        """Listen; on return, connections are accepted. What keeps it from listening is raised here."""
        if self._worker is not None:
            raise RuntimeError(f"the server listens already, at {self.url}")
        listener = _listen(self._host, self._port)
        self._port = listener.getsockname()[1]
        self._worker = _Worker(self._application, listener)
        self._worker.begin()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening, let answers under way go out but those that are held back, and wait for the thread."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.end()

    @property
    def is_listening(self) -> bool:
        """True if the server is up."""
        return self._worker is not None and self._worker.is_alive()


def _listen(host: str, port: int) -> socket.socket:
    if not host:
        raise OSError(errno.EINVAL, "the host is empty, which would be every address of this machine")
    # The protocol is named, as asyncio turns Nagle's algorithm off only where it sees TCP: else answers wait for 40 ms.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except (OSError, TypeError):  # `bind` raises a TypeError for text that cannot be the name of a host
        listener.close()
        raise
    return listener


class _Server(uvicorn.Server):
    """A server that says when it is ready, and stops when it is told to instead of a fifth of a second later."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._has_complained = False
        self._told = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(self._complain)
        await super().startup(sockets)
        self.ready.set()

    def _complain(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Say once that no further connection can be accepted for now; asyncio would, with a traceback, 2,048 times."""
        error = context.get("exception")
        if getattr(error, "errno", None) in OUT_OF_FILES:
            if not self._has_complained:
                sys.stderr.write("too many open files: further connections wait until others are closed\n")
            self._has_complained = True
        elif not (self._has_complained and self.should_exit and isinstance(error, ValueError)):
            # Of the latter kind are attempts to accept again on the listener, which is closed by now.
            loop.default_exception_handler(context)

    def stop(self) -> None:
        """Tell the server, from another thread, to stop."""
        self.should_exit = True
        if self._loop is not None:
            # It may have stopped by itself, and its loop been closed.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._told.set)

    async def main_loop(self) -> None:
        """Serve until told to stop."""
        await self.on_tick(0)
        await self._told.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop at once when nothing is under way; else let it go out, as the server does by itself."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        for _ in range(MOST_TURNS):
            await asyncio.sleep(0)
        if self.server_state.connections or self.server_state.tasks:
            await super().shutdown(sockets)


class _Worker(threading.Thread):
    """The thread that serves. Signals are left to the main thread."""

    def __init__(self, endpoint: Application, listener: socket.socket) -> None:
        super().__init__(name="ax-mock-server", daemon=True)
        self._listener = listener
        self._failure: BaseException | None = None
        self._server = _Server(
            uvicorn.Config(
                endpoint,
                http=reachable(AutoHTTPProtocol),
                log_config=None,
                log_level="warning",
                access_log=False,
                lifespan="off",
                ws="none",
                proxy_headers=False,  # who is at the other end is for the socket to say
                server_header=False,
                date_header=False,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )

    def run(self) -> None:
        """Serve until told to stop."""
        try:
            self._server.run(sockets=[self._listener])
        except BaseException as error:  # noqa: BLE001  # raised again by the thread that waits for the start
            self._failure = error
        finally:
            self._listener.close()
            self._server.ready.set()

    def begin(self) -> None:
        """Start, and come back when connections are accepted."""
        self.start()
        self._server.ready.wait()
        if self._failure is not None:
            raise RuntimeError("the mock server did not start") from self._failure

    def end(self) -> None:
        """Stop, and come back when that is done."""
        self._server.stop()
        self.join()

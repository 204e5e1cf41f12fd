"""The doors of a mock: the core, the httpx transport and the socket; `--door` chooses among them.

A test takes the fixture `door`, or `api`, which goes through it, and runs once for each door that is chosen. A test
that is about one door alone, or about none, is marked `one_door` and runs once, whatever is chosen.
"""

from __future__ import annotations

import http.client
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
from axtasks.mock import Mock, MockResponse, MockServer, MockTransport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from axtasks.mock import MockRequest
    from axtasks.mock.messages import Headers

    Send = Callable[[Mock, MockRequest], MockResponse]

PATIENCE_SECONDS = 20
BASE = httpx.URL("http://mock.test")


class Door:
    """A door: a way to send a request to a mock.

    Attributes:
        name: the name for `--door`.
        operations: the operations that were called through it, by the contract's names.
    """

    def __init__(self, name: str, send: Send) -> None:
        self.name = name
        self.operations: set[str] = set()
        self._send = send
        self._lock = threading.Lock()
        self._under_way = 0

    def send(self, mock: Mock, request: MockRequest) -> MockResponse:
        """Send a request, and return the response without its length, which differs between doors."""
        with self._passage():
            response = self._send(mock, request)
        last = mock.journal.exchanges()[-1:]
        self.operations.update(each.operation for each in last if each.operation is not None)
        headers = tuple(header for header in response.headers if header[0].lower() != "content-length")
        return MockResponse(response.status, headers, response.body)

    @property
    def is_used(self) -> bool:
        """True while a request is on its way through the door."""
        return self._under_way > 0

    @contextmanager
    def _passage(self) -> Iterator[None]:
        with self._lock:
            self._under_way += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1


def through_handle(mock: Mock, request: MockRequest) -> MockResponse:
    """Send a request directly to the core."""
    return mock.handle(request)


def through_transport(mock: Mock, request: MockRequest) -> MockResponse:
    """Send a request with an httpx client whose transport is the mock."""
    url = BASE.copy_with(raw_path=_target(request).encode())
    with httpx.Client(transport=MockTransport(mock), trust_env=False) as client:
        asked = client.build_request(request.method, url, headers=list(request.headers), content=request.body or None)
        asked.method = request.method  # httpx writes it in capitals
        answer = client.send(asked)
        return MockResponse(answer.status_code, tuple(answer.headers.multi_items()), answer.content)


class ForwardingMock(Mock):
    """A mock that passes requests on to another mock, which can be replaced while the server runs."""

    def __init__(self) -> None:
        super().__init__()
        self.target: Mock | None = None

    def handle(self, request: MockRequest) -> MockResponse:
        """Return the response of the other mock."""
        if self.target is None:
            raise RuntimeError("a request has come in before any mock was put behind the socket")
        return self.target.handle(request)


class Socket:
    """One server for all mocks of a session, and a connection to it for each thread."""

    def __init__(self, server: MockServer, forwarding: ForwardingMock) -> None:
        self._server = server
        self._forwarding = forwarding
        self._local = threading.local()

    def serve(self, mock: Mock) -> str:
        """Put a mock behind the socket.

        Returns:
            The server's address.
        """
        self._forwarding.target = mock
        return self._server.url

    def send(self, mock: Mock, request: MockRequest) -> MockResponse:
        """Send a request over this thread's connection, which is kept."""
        self.serve(mock)
        connection = self._connection()
        try:
            has_host = request.header("Host") is not None
            connection.putrequest(request.method, _target(request), skip_host=has_host, skip_accept_encoding=True)
            for name, value in request.headers:
                connection.putheader(name, value)
            connection.putheader("Content-Length", str(len(request.body)))
            connection.endheaders(request.body)
            answer = connection.getresponse()
            return MockResponse(answer.status, tuple(answer.getheaders()), answer.read())
        except (OSError, http.client.HTTPException):
            connection.close()
            raise

    def _connection(self) -> http.client.HTTPConnection:
        found = getattr(self._local, "connection", None)
        if not isinstance(found, http.client.HTTPConnection):
            found = http.client.HTTPConnection(urlsplit(self._server.url).netloc, timeout=PATIENCE_SECONDS)
            self._local.connection = found
        return found

    def disconnect(self) -> None:
        """Close the connection of this thread; the next request opens another one."""
        self._connection().close()


@contextmanager
def served_socket() -> Iterator[Socket]:
    """Serve a socket while the block lasts."""
    forwarding = ForwardingMock()
    with MockServer(forwarding) as server:
        yield Socket(server, forwarding)


def _target(request: MockRequest) -> str:
    return f"{request.path}?{request.query}" if request.query else request.path


def lowered(headers: Headers) -> Headers:
    """Return headers with lower-case names, which is all that doors have in common."""
    return tuple((name.lower(), value) for name, value in headers)

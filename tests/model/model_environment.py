"""The environment of the model test: a mock with the model's world, and clients of both kinds, in virtual time.

env = Environment()
env.ax.tasks.get("x", space="alpha")
env.run(env.aio.tasks.get("x", space="alpha"))
"""

from __future__ import annotations

import asyncio
import json
from functools import cache
from typing import TYPE_CHECKING, Any, Self

import httpx
from axtasks import AsyncAxClient, AxClient, RetryPolicy
from axtasks.mock import Clock, Mock, MockRequest, MockServer, MockTransport, load_world
from axtasks.testing.clients import URL, clock_of

from tests.dialects import BETA, spoken
from tests.model.model_world import DEFAULT_SPACE, KEY, READER, REVOKED, START, VISITOR, world_file

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from datetime import datetime

AUTO = "auto"
BLOCKING, AWAITING = "ax", "aio"
# The callers, with their key and default space.
CALLERS = {
    "": (KEY, DEFAULT_SPACE),
    "_bare": (KEY, None),
    "_reader": (READER, DEFAULT_SPACE),
    "_visitor": (VISITOR, None),
    "_gone": (REVOKED, DEFAULT_SPACE),
}
DEFAULT_LIFECYCLE = "time:60"


class SharedMock:
    """The parts that all environments of a contract share: the mock, its socket and the event loop."""

    def __init__(self, contract: str) -> None:
        world = load_world(world_file(), seed=0, start=START)
        clock = Clock(START, frozen=True)
        self.mock = Mock(world=world, clock=clock, lifecycle=DEFAULT_LIFECYCLE, contract=contract)
        self.runner = asyncio.Runner()
        self.transport = MockTransport(self.mock, sleep=self.mock.clock.advance)
        self.server: MockServer | None = None

    def url(self, *, is_socket: bool) -> str:
        """Return the URL of the mock."""
        if not is_socket:
            return URL
        if self.server is None:
            self.server = MockServer(self.mock).__enter__()
        return self.server.url


shared_mock = cache(SharedMock)


class Environment:
    """A fresh world with its clients.

    Args:
        is_socket: True if the clients use a socket; otherwise they call the mock in this process.
    """

    def __init__(self, *, is_socket: bool = False) -> None:
        self._shared = shared_mock(spoken.contract)
        self.is_socket = is_socket
        self.mock = self._shared.mock
        self.mock.start_over()
        self.set_lifecycle(DEFAULT_LIFECYCLE)
        self._url = self._shared.url(is_socket=is_socket)
        self._clients: dict[str, Any] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for name, client in self._clients.items():
            if name.startswith(AWAITING):
                self.run(client.close())
            else:
                client.close()
        for name in [name for name in vars(self) if name.startswith("_http")]:
            http = getattr(self, name)
            if isinstance(http, httpx.AsyncClient):
                self.run(http.aclose())
            else:
                http.close()

    def __getattr__(self, name: str) -> Any:
        """Return the client with the name that scripts use."""
        client_kind = AWAITING if name.startswith(AWAITING) else BLOCKING
        caller = name.removeprefix(client_kind)
        if caller not in CALLERS or not name.startswith(client_kind):
            raise AttributeError(name)
        return self.client(client_kind, caller)

    def client(self, client_kind: str, caller: str) -> Any:
        """Return the blocking or awaiting client of a caller."""
        name = client_kind + caller
        if name not in self._clients:
            key, space = CALLERS[caller]
            kind: Any = AxClient if client_kind == BLOCKING else AsyncAxClient
            self._clients[name] = kind(
                api_key=key,
                space=space,
                base_url=self._url,
                http_client=None if self.is_socket else self._http(client_kind),
                clock=clock_of(self.mock.clock),
                retry=RetryPolicy(jitter=lambda: 1.0),
                contract=self.contract_of(caller),
            )
        return self._clients[name]

    @staticmethod
    def contract_of(caller: str) -> str:
        """Return the contract that a client is configured with: the beta for the default caller, else detection."""
        return BETA if spoken.contract == BETA and caller == "" else AUTO

    def _http(self, client_kind: str) -> Any:
        name = f"_http_{client_kind}"
        if name not in vars(self):
            kind: Any = httpx.Client if client_kind == BLOCKING else httpx.AsyncClient
            setattr(self, name, kind(transport=self._shared.transport))
        return getattr(self, name)

    def run(self, awaited: Coroutine[Any, Any, Any]) -> Any:
        """Run a coroutine on the shared event loop, and return its result."""
        return self._shared.runner.run(awaited)

    @property
    def now(self) -> datetime:
        """The server's time."""
        return self.mock.clock.now()

    def pass_time(self, seconds: float) -> None:
        """Let time pass."""
        self.mock.clock.advance(seconds)

    def set_lifecycle(self, text: str) -> None:
        """Set the lifecycle of new runs."""
        pace, _, outcome = text.partition(" ")
        body = {"default": pace, **({"outcome": outcome} if outcome else {})}
        # Transitions that are due happen by the old lifecycle first.
        self.mock.handle(MockRequest("GET", "/__mock/health"))
        response = self.mock.handle(MockRequest("PUT", "/__mock/lifecycle", body=json.dumps(body).encode()))
        assert response.status == httpx.codes.OK, response.body

    def clear_other_caches(self, name: str) -> None:
        """Clear the name caches of all clients but one, after that one may have changed names.

        The caches may be stale for some minutes; the model does not predict when they are refreshed.
        """
        for other, client in self._clients.items():
            if other != name:
                client._context.names.clear()

    def arm(self, script: str) -> None:
        """Add a fault to the mock."""
        self.mock.faults.add(script)

    def disarm(self) -> int:
        """Remove the faults, and return how many requests they struck."""
        hits = sum(armed.hits for armed in self.mock.faults.list())
        self.mock.faults.clear()
        return hits

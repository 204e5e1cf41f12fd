"""A mock of the model's world and clients of it of both colours, for whom no time passes: what the stories are told on.

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
# Who calls: with which key, and with which default space.
CALLERS = {
    "": (KEY, DEFAULT_SPACE),
    "_bare": (KEY, None),
    "_reader": (READER, DEFAULT_SPACE),
    "_visitor": (VISITOR, None),
    "_gone": (REVOKED, DEFAULT_SPACE),
}
DEFAULT_LIFECYCLE = "time:60"


class SharedMock:
    """What is made once for a contract and used by all its stages: the mock, its socket, the event loop."""

    def __init__(self, contract: str) -> None:
        world = load_world(world_file(), seed=0, start=START)
        clock = Clock(START, frozen=True)
        self.mock = Mock(world=world, clock=clock, lifecycle=DEFAULT_LIFECYCLE, contract=contract)
        self.runner = asyncio.Runner()
        self.transport = MockTransport(self.mock, sleep=self.mock.clock.advance)
        self.server: MockServer | None = None

    def url(self, *, is_socket: bool) -> str:
        """Where the mock is."""
        if not is_socket:
            return URL
        if self.server is None:
            self.server = MockServer(self.mock).__enter__()
        return self.server.url


shared_mock = cache(SharedMock)


class Environment:
    """A fresh world.

    Args:
        is_socket: whether the clients go over a socket rather than stay in this process.
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
        """A client by the name that stories call it."""
        client_kind = AWAITING if name.startswith(AWAITING) else BLOCKING
        caller = name.removeprefix(client_kind)
        if caller not in CALLERS or not name.startswith(client_kind):
            raise AttributeError(name)
        return self.client(client_kind, caller)

    def client(self, client_kind: str, caller: str) -> Any:
        """The client of a colour, for a caller."""
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
        """The contract that a client is told: the newer one to those with a space of their own; others find out."""
        return BETA if spoken.contract == BETA and caller == "" else AUTO

    def _http(self, client_kind: str) -> Any:
        name = f"_http_{client_kind}"
        if name not in vars(self):
            kind: Any = httpx.Client if client_kind == BLOCKING else httpx.AsyncClient
            setattr(self, name, kind(transport=self._shared.transport))
        return getattr(self, name)

    def run(self, awaited: Coroutine[Any, Any, Any]) -> Any:
        """What something awaited comes to, on the one event loop there is."""
        return self._shared.runner.run(awaited)

    @property
    def now(self) -> datetime:
        """The time on the server."""
        return self.mock.clock.now()

    def pass_time(self, seconds: float) -> None:
        """Lets time pass."""
        self.mock.clock.advance(seconds)

    def set_lifecycle(self, text: str) -> None:
        """From now on runs go on like this."""
        pace, _, outcome = text.partition(" ")
        body = {"default": pace, **({"outcome": outcome} if outcome else {})}
        # What is due by now goes on as it was told before.
        self.mock.handle(MockRequest("GET", "/__mock/health"))
        answer = self.mock.handle(MockRequest("PUT", "/__mock/lifecycle", body=json.dumps(body).encode()))
        assert answer.status == httpx.codes.OK, answer.body

    def let_others_forget(self, name: str) -> None:
        """Lets all clients but one forget names, as this one may have changed what they lead to.

        For some minutes they need not notice; how that ends is what the model cannot tell.
        """
        for other, client in self._clients.items():
            if other != name:
                client._context.names.clear()

    def arm(self, script: str) -> None:
        """Lets something go wrong."""
        self.mock.faults.add(script)

    def disarm(self) -> int:
        """How many requests were struck; from now on all is well."""
        hits = sum(armed.hits for armed in self.mock.faults.list())
        self.mock.faults.clear()
        return hits

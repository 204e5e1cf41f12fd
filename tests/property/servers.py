"""The mock behind two doors, with the same world and a clock that stands still."""

from __future__ import annotations

import http.client
import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from axtasks.mock import Clock, Mock, MockRequest
from axtasks.mock.world_dump import dump_world
from axtasks.mock.world_files import load_world

from tests.property.asked import Sent
from tests.property.exchange import Reply
from tests.property.worlds import World, moment

WORLD = Path(__file__).parent / "world.yaml"
NOW = datetime(2026, 3, 10, 15, tzinfo=UTC)
PATIENCE_SECONDS = 20


class InProcess:
    """A mock without a socket."""

    def __init__(self, mock: Mock | None = None) -> None:
        self.mock = small_mock() if mock is None else mock

    def look(self) -> World:
        """All there is."""
        return World(dump_world(self.mock.state.world), self.mock.clock.now())

    def advance(self, seconds: float) -> None:
        """Let time go by, and what is due be done."""
        body = json.dumps({"advance_seconds": seconds}).encode()
        self.mock.handle(MockRequest("POST", "/__mock/clock", body=body))

    def send(self, sent: Sent) -> Reply:
        """The answer to a request."""
        answer = self.mock.handle(
            MockRequest(sent.method, sent.path, sent.query, tuple(sent.headers.items()), sent.body)
        )
        return Reply(answer.status, dict(answer.headers), answer.body)


class OverSocket:
    """A mock at an address, looked at through its control plane."""

    def __init__(self, url: str) -> None:
        self._now: datetime | None = None
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE_SECONDS)

    def look(self) -> World:
        """All there is."""
        # The clock stands still, so that the time is known until somebody moves it.
        if self._now is None:
            self._now = moment(self.send(Sent("GET", "/__mock/clock")).json["now"])
        return World(self.send(Sent("GET", "/__mock/world", "format=file")).json, self._now)

    def advance(self, seconds: float) -> None:
        """Let time go by."""
        self._steer("/__mock/clock", {"advance_seconds": seconds})

    def reset(self) -> None:
        """Begin again."""
        self._steer("/__mock/reset", None)

    def send(self, sent: Sent) -> Reply:
        """The answer to a request."""
        target = f"{sent.path}?{sent.query}" if sent.query else sent.path
        self._connection.request(sent.method, target, sent.body, dict(sent.headers))
        answer = self._connection.getresponse()
        return Reply(answer.status, dict(answer.getheaders()), answer.read())

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _steer(self, path: str, body: object) -> None:
        self._now = None
        reply = self.send(Sent("POST", path, body=json.dumps(body).encode()))
        if not reply.is_ok:
            raise RuntimeError(f"{path}: {reply.body!r}")


def small_mock() -> Mock:
    """A mock with the small world."""
    clock = Clock(NOW, frozen=True)
    return Mock(clock=clock, world=load_world(WORLD, start=NOW))

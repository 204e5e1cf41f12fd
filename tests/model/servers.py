"""Servers under test: a mock in this process or behind a socket, with the small world and a frozen clock."""

from __future__ import annotations

import http.client
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from axtasks.mock import Clock, Mock, MockRequest
from axtasks.mock.worldfiles.loader import load_world, merge_world
from axtasks.mock.worldfiles.writer import dump_world

from tests.dialects import BETA, on_the_wire, spoken
from tests.model import contract
from tests.model.exchange import Reply
from tests.model.request import RawRequest
from tests.model.worlds import World, parse_time

if TYPE_CHECKING:
    from axtasks.mock.world.world import World as MockWorld

    from tests.model.contract import Json

WORLD = Path(__file__).parent / "world.yaml"
NEWER = Path(__file__).parent / "world_beta.yaml"
WORDY = ("evaluators", "tasks", "task_runs")
NOW = datetime(2026, 3, 10, 15, tzinfo=UTC)
PATIENCE_SECONDS = 20


class InProcessServer:
    """A mock in this process."""

    def __init__(self, mock: Mock | None = None) -> None:
        self.mock = small_mock(spoken.contract) if mock is None else mock

    def snapshot(self) -> World:
        """Return all resources as they are now."""
        return World(in_words(dump_world(self.mock.state.world)), self.mock.clock.now())

    def advance(self, seconds: float) -> None:
        """Advance the clock, and let due transitions happen."""
        body = json.dumps({"advance_seconds": seconds}).encode()
        self.mock.handle(MockRequest("POST", "/__mock/clock", body=body))

    def send(self, raw: RawRequest) -> Reply:
        """Return the response to a request."""
        response = self.mock.handle(MockRequest(raw.method, raw.path, raw.query, tuple(raw.headers.items()), raw.body))
        return Reply(response.status, dict(response.headers), response.body)


class SocketServer:
    """A mock behind a socket, whose state is read by its admin API."""

    def __init__(self, url: str) -> None:
        self._now: datetime | None = None
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE_SECONDS)

    def snapshot(self) -> World:
        """Return all resources as they are now."""
        # The clock is frozen, so the time stays the same until the client moves it.
        if self._now is None:
            self._now = parse_time(self.send(RawRequest("GET", "/__mock/clock")).json["now"])
        return World(in_words(self.send(RawRequest("GET", "/__mock/world", "format=file")).json), self._now)

    def advance(self, seconds: float) -> None:
        """Advance the clock."""
        self._steer("/__mock/clock", {"advance_seconds": seconds})

    def reset(self) -> None:
        """Restore the initial world."""
        self._steer("/__mock/reset", None)

    def send(self, raw: RawRequest) -> Reply:
        """Return the response to a request."""
        target = f"{raw.path}?{raw.query}" if raw.query else raw.path
        self._connection.request(raw.method, target, raw.body, dict(raw.headers))
        response = self._connection.getresponse()
        return Reply(response.status, dict(response.getheaders()), response.read())

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _steer(self, path: str, body: object) -> None:
        self._now = None
        reply = self.send(RawRequest("POST", path, body=json.dumps(body).encode()))
        if not reply.is_ok:
            raise RuntimeError(f"{path}: {reply.body!r}")


def in_words(data: Json) -> Json:
    """Return a world in the spelling of the current contract; world files have the documents' spelling."""
    return {**data, **{kind: on_the_wire(data[kind]) for kind in WORDY}} if contract.is_beta() else data


def small_world(name: str) -> MockWorld:
    """Load the small world, with the resources of the beta if the contract is the beta."""
    world = load_world(WORLD, start=NOW)
    if name == BETA:
        merge_world(world, NEWER, start=NOW)
    return world


def small_mock(name: str) -> Mock:
    """Create a mock of a contract with the small world."""
    return Mock(clock=Clock(NOW, frozen=True), world=small_world(name), contract=name)

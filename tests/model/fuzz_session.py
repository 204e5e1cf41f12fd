"""Helpers of the schemathesis tests: the contract as a schema, Hypothesis settings, and a session with a mock."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from axtasks.mock import MockServer
from axtasks.mock.serving.asgi import Application
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.openapi import from_path
from schemathesis.python.asgi import get_client

from tests.model.contract import ROOT, SOURCES
from tests.model.generator import KEY
from tests.model.hooks import ActiveSession, FuzzSession
from tests.model.servers import InProcessServer, SocketServer, small_mock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from axtasks.mock import Mock
    from schemathesis.schemas import BaseSchema

SOCKET = "socket"
HEADERS = {"Authorization": KEY}
HERE = "http://localhost"


@cache
def load_schema(name: str, mock: Mock | None = None) -> BaseSchema:
    """Load a contract with the schemathesis settings of the project; requests go to the mock if one is given."""
    config = SchemathesisConfig.from_path(ROOT / "schemathesis.toml")
    schema = from_path(SOURCES[name], config=config)
    # Each call sends the key, so the schema must not generate another one.
    schema.config.generation.update(with_security_parameters=False)
    if mock is not None:
        schema.app = Application(mock)
    return schema


def repeatable(max_examples: int, steps: int = 6) -> settings:
    """Return Hypothesis settings that make the same requests in each run."""
    return settings(
        max_examples=max_examples,
        stateful_step_count=steps,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


@cache
def cached_mock(name: str) -> Mock:
    """Return the in-process mock of a contract, created once."""
    return small_mock(name)


@contextmanager
def fuzz_session(door: str, name: str) -> Iterator[tuple[BaseSchema, dict[str, Any]]]:
    """Provide a contract and the call arguments for a mock, with an active fuzzing session for the `with` block.

    Args:
        door: `socket`; otherwise the mock is in this process.
        name: the contract.
    """
    with ExitStack() as stack:
        stack.callback(setattr, ActiveSession, "current", None)
        if door == SOCKET:
            url = stack.enter_context(MockServer(small_mock(name))).url
            listening = SocketServer(url)
            stack.callback(listening.close)
            ActiveSession.current = FuzzSession(listening, listening.reset)
            yield load_schema(name), {"headers": HEADERS, "base_url": url}
        else:
            mock = cached_mock(name)
            schema = load_schema(name, mock)
            client = stack.enter_context(get_client(schema.app))
            ActiveSession.current = FuzzSession(InProcessServer(mock), mock.start_over)
            yield schema, {"headers": HEADERS, "base_url": HERE, "session": client}


def active_session() -> FuzzSession:
    """Return the active session."""
    if ActiveSession.current is None:
        raise RuntimeError("no server is on trial")
    return ActiveSession.current

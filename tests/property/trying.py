"""What the tests share that try the contract on a mock: the contract as schemathesis has it, a trial, and its doors."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from axtasks.mock import MockServer
from axtasks.mock.asgi import application
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.openapi import from_path
from schemathesis.python.asgi import ASGIClient, get_client

from tests.property.contract import ROOT, SOURCES
from tests.property.hooks import Present, Trial
from tests.property.making import KEY
from tests.property.servers import InProcess, OverSocket, small_mock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemathesis.schemas import BaseSchema

HEADERS = {"Authorization": KEY}
HERE = "http://localhost"


def the_contract(name: str) -> BaseSchema:
    """A contract, with the settings that hold for everybody who tries it."""
    config = SchemathesisConfig.from_path(ROOT / "schemathesis.toml")
    schema = from_path(SOURCES[name], config=config)
    # The key comes with each call, so that one that was made up here would not be sent.
    schema.config.generation.update(with_security_parameters=False)
    return schema


def repeatable(max_examples: int, steps: int = 6) -> settings:
    """The same requests each time."""
    return settings(
        max_examples=max_examples,
        stateful_step_count=steps,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def hosted(schema: BaseSchema, name: str) -> InProcess:
    """A mock that answers what is asked by a contract, which has to know of it before it tells its operations."""
    server = InProcess(small_mock(name))
    schema.app = application(server.mock)
    return server


@contextmanager
def in_process(schema: BaseSchema, server: InProcess) -> Iterator[ASGIClient]:
    """A session to a hosted mock; the trial is on as long as the block lasts."""
    Present.trial = Trial(server, server.mock.start_over)
    try:
        with get_client(schema.app) as client:
            yield client
    finally:
        Present.trial = None


@contextmanager
def over_socket() -> Iterator[str]:
    """Where a mock listens; the trial is on as long as the block lasts."""
    with MockServer(InProcess().mock) as listening:
        server = OverSocket(listening.url)
        Present.trial = Trial(server, server.reset)
        try:
            yield listening.url
        finally:
            Present.trial = None
            server.close()


def trial() -> Trial:
    """The trial that is on."""
    if Present.trial is None:
        raise RuntimeError("no server is on trial")
    return Present.trial

"""The virtual time of the network."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from axtasks import RequestTimeoutError, RetryPolicy, Timeouts
from axtasks.mock import Clock, Mock, MockRequest, MockResponse
from axtasks.mock import default_world as known
from axtasks.mock.faults.registry import Faults

from tests.dialects import DOCUMENTS
from tests.model.chaos.client_adapters import ADAPTERS, ClientAdapter
from tests.model.chaos.network import LATENCY_SECONDS, START, Network, networked

if TYPE_CHECKING:
    from collections.abc import Iterator

READ_SECONDS = 0.05
ROUND_TRIP = 2 * LATENCY_SECONDS


class Slow(Mock):
    """A mock on a busy machine: it takes longer to respond than the client's timeout in virtual time."""

    def handle(self, request: MockRequest) -> MockResponse:
        threading.Event().wait(2 * READ_SECONDS)
        return super().handle(request)


@contextmanager
def impatient_client(
    adapter: type[ClientAdapter], faults: str | tuple[str, ...], kind: type[Mock] = Mock
) -> Iterator[tuple[ClientAdapter, Network]]:
    """Provide a client with a short timeout and without retries, and its network."""
    settings = {"timeout": Timeouts(read=READ_SECONDS), "retry": RetryPolicy(attempts=1), "contract": DOCUMENTS}
    with networked(adapter, kind(clock=Clock(now=START, frozen=True)), Faults(faults), **settings) as (client, network):
        yield client, network


@pytest.mark.parametrize("adapter", ADAPTERS.values(), ids=ADAPTERS)
def test_a_busy_machine_causes_no_timeout(adapter: type[ClientAdapter]) -> None:
    """Real time counts neither for the client nor for the mock."""
    with impatient_client(adapter, (), Slow) as (client, network):
        client.ask(lambda it: it.tasks.get(known.GOLDEN_REVIEW))

    assert network.time.now == pytest.approx(ROUND_TRIP)
    assert (network.mock.clock.now() - START).total_seconds() == pytest.approx(ROUND_TRIP)


@pytest.mark.parametrize("fault", ["delay:50ms", "delay:1s", "slow-drip:1s"])
@pytest.mark.parametrize("adapter", ADAPTERS.values(), ids=ADAPTERS)
def test_an_answer_that_is_too_late(adapter: type[ClientAdapter], fault: str) -> None:
    """The client waits for its whole timeout, and the mock has carried the request out."""
    with (
        impatient_client(adapter, fault) as (client, network),
        pytest.raises(RequestTimeoutError),
    ):
        client.ask(lambda it: it.tasks.get(known.GOLDEN_REVIEW))

    assert network.time.now == pytest.approx(READ_SECONDS + ROUND_TRIP)
    assert [exchange.status for exchange in network.mock.journal.exchanges("get_task")] == [200]
    assert network.struck == 1


@pytest.mark.parametrize("adapter", ADAPTERS.values(), ids=ADAPTERS)
def test_an_answer_that_is_late_but_in_time(adapter: type[ClientAdapter]) -> None:
    """The client waits for the response."""
    with impatient_client(adapter, "delay:40ms") as (client, network):
        client.ask(lambda it: it.tasks.get(known.GOLDEN_REVIEW))

    assert network.time.now == pytest.approx(0.04 + ROUND_TRIP)

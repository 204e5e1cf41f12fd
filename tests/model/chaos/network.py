"""A network between a client and a mock, with virtual time and faults by a seed."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from unittest import mock as patching

from axtasks import Clock, RequestTimeoutError, Timeouts
from axtasks.mock import Clock as MockClock
from axtasks.mock import Mock, MockRequest, MockServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from axtasks.mock.faults.fault import Fault
    from axtasks.mock.faults.registry import Faults

    from tests.model.chaos.client_adapters import ClientAdapter

START = datetime(2026, 3, 10, 9, tzinfo=UTC)
# The latency of each direction.
LATENCY_SECONDS = 0.002
# Real time: more than any machine takes for an exchange, and the wait for each response that never comes.
PATIENT = Timeouts(connect=60, read=60, total=60)
IMPATIENT = Timeouts(connect=60, read=0.05, total=60)
# A delay that lasts until the client closes the connection, and none.
FOR_EVER, AT_ONCE = 86_400.0, 0.0
GLANCE_SECONDS = 0.001


def frozen_mock(**settings: Any) -> Mock:
    """Return a mock with a frozen clock.

    Args:
        settings: other settings of the mock.
    """
    return Mock(clock=MockClock(now=START, frozen=True), **settings)


@contextmanager
def networked(
    adapter: type[ClientAdapter], mock: Mock, faults: Faults, **settings: Any
) -> Iterator[tuple[ClientAdapter, Network]]:
    """Provide a client of a served mock, and the network between the two.

    Args:
        adapter: the client.
        mock: the mock, with a frozen clock.
        faults: the possible faults.
        settings: other settings of the client.
    """
    network = Network(mock, VirtualTime(mock), faults)
    settings = {"api_key": "any", "space": "demo", "clock": network.time.clock, **settings}
    with (
        MockServer(mock) as server,
        adapter(base_url=server.url, **settings) as client,
        network.intercepting(client.client),
    ):
        yield client, network


class StalledError(Exception):
    """Raised when an exchange takes more real time than a machine can need for it."""


class VirtualTime:
    """Virtual time of a client and its mock: it passes only by waits, whatever the load of the machine.

    Args:
        mock: the mock, whose clock has to be frozen.

    Attributes:
        now: the seconds since the start.
        clock: the clock of the client.
    """

    def __init__(self, mock: Mock) -> None:
        self._mock = mock
        self.now = 0.0
        self.clock = Clock(monotonic=lambda: self.now, sleep=self.sleep, sleep_async=self.sleep_async)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds
        self._mock.clock.advance(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Let time pass."""
        self.sleep(seconds)


class Network:
    """Carries a client's requests to a served mock over real sockets, in virtual time.

    A fault is chosen before the request goes out, so it is known whether the response will come within the read
    timeout. A response in time is waited for as long as it takes. A late one is held back until the client closes the
    connection, which takes a moment of real time, and the whole timeout of virtual time.

    Args:
        mock: the mock.
        virtual_time: the time of the client and of the mock.
        faults: the possible faults. They are chosen here, and each is armed in the mock for its one request.
    """

    def __init__(self, mock: Mock, virtual_time: VirtualTime, faults: Faults) -> None:
        self.mock = mock
        self.time = virtual_time
        self.faults = faults

    @property
    def struck(self) -> int:
        """The number of requests that a fault has struck."""
        return sum(armed.hits for armed in self.faults.list())

    @contextmanager
    def intercepting(self, client: Any) -> Iterator[None]:
        """Send the requests of a client, of either kind, through this network for the `with` block."""
        transport = client._transport
        send = transport.send

        def carried(request: Any, content: bytes | None, timeouts: Timeouts) -> Any:
            with self._exchange(request, timeouts) as real:
                return send(request, content, real)

        async def carried_async(request: Any, content: bytes | None, timeouts: Timeouts) -> Any:
            with self._exchange(request, timeouts) as real:
                return await send(request, content, real)

        is_awaited = hasattr(client, "__aenter__")
        with patching.patch.object(transport, "send", carried_async if is_awaited else carried):
            yield

    @contextmanager
    def _exchange(self, request: Any, timeouts: Timeouts) -> Iterator[Timeouts]:
        """Let the time of an exchange pass, and yield its timeouts in real time."""
        self.time.sleep(LATENCY_SECONDS)
        fault = self.faults.next_for(MockRequest(request.method, request.path), request.operation_id)
        patience = min(timeouts.read, timeouts.total)
        late = 0.0 if fault is None else fault.seconds or 0.0
        hangs = late >= patience
        self.mock.faults.clear()
        if fault is not None:
            self.mock.faults.add(_in_real_time(fault, hangs=hangs))
        handled = self.mock.journal.last_number
        try:
            yield IMPATIENT if hangs else PATIENT
        except RequestTimeoutError:
            if not hangs:
                raise StalledError(f"{request.operation_id} took {PATIENT.read} seconds of real time") from None
            # The mock may not have handled the request yet.
            self._until_handled(handled)
            raise
        finally:
            self.time.sleep(min(late, patience) + LATENCY_SECONDS)

    def _until_handled(self, before: int) -> None:
        """Wait in real time until the mock has handled one more request."""
        ends = time.monotonic() + PATIENT.total
        while self.mock.journal.last_number == before:
            if time.monotonic() > ends:
                raise StalledError("the mock has not handled a request that was sent")
            time.sleep(GLANCE_SECONDS)


def _in_real_time(fault: Fault, *, hangs: bool) -> Fault:
    """Return the fault for one request, without any delay except that until the client closes the connection."""
    seconds = None if fault.seconds is None else FOR_EVER if hangs else AT_ONCE
    return replace(fault, seconds=seconds, after=0, times=1, every=1, chance=1)

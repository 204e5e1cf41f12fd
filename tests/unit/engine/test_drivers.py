"""Tests of both drivers: they send outcomes and errors into flows alike, and always close them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from axtasks.config.settings import resolve_settings
from axtasks.engine.attempts import send
from axtasks.engine.context import ClientContext
from axtasks.engine.drivers import AsyncDriver, SyncDriver
from axtasks.engine.effects import Sleep, gather, get_driver, sleep
from axtasks.errors import NotFoundError
from axtasks.transport.base import AsyncTransport, SyncTransport
from axtasks_api.api.tasks import get_task

from tests.unit.support import API_KEY, CHAT_QUALITY, TASK, Stopwatch, answer, one_after_another, outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from axtasks import Clock
    from axtasks.engine.effects import Flow

T = TypeVar("T")


def core(clock: Clock) -> ClientContext:
    return ClientContext.fresh(resolve_settings({"api_key": API_KEY}, environment={}), clock)


def sync_driver(clock: Clock, http: httpx.Client | None = None) -> SyncDriver:
    shared = core(clock)
    return SyncDriver(shared, SyncTransport(shared.settings, http))


def async_driver(clock: Clock, http: httpx.AsyncClient | None = None) -> AsyncDriver:
    shared = core(clock)
    return AsyncDriver(shared, AsyncTransport(shared.settings, http))


@pytest.fixture(params=["blocking", "awaiting"])
def drive(request: pytest.FixtureRequest, stopwatch: Stopwatch) -> Callable[[Flow[Any]], Any]:
    """Return a function that runs a flow with either driver and returns its result."""
    if request.param == "blocking":
        return sync_driver(stopwatch.clock).run
    return lambda flow: outcome(async_driver(stopwatch.clock).run(flow))


def value(result: T, pause: float = 0) -> Flow[T]:
    if pause:
        yield from sleep(pause)
    return result


def failure(error: Exception, pause: float = 0) -> Flow[None]:
    if pause:
        yield from sleep(pause)
    raise error


def test_a_flow_is_handed_the_outcome_of_each_effect(drive: Callable[[Flow[Any]], Any], stopwatch: Stopwatch) -> None:
    def flow() -> Flow[tuple[float, float]]:
        before = stopwatch.clock.monotonic()
        yield from sleep(2.5)
        return before, stopwatch.clock.monotonic()

    assert drive(flow()) == (1000, 1002.5)
    assert stopwatch.naps == [2.5]


def test_a_flow_is_told_who_drives_it(stopwatch: Stopwatch) -> None:
    blocking, awaiting = sync_driver(stopwatch.clock), async_driver(stopwatch.clock)

    assert blocking.run(get_driver()) is blocking
    assert outcome(awaiting.run(get_driver())) is awaiting


def test_an_error_of_an_effect_is_thrown_into_the_flow(stopwatch: Stopwatch) -> None:
    import httpx

    problem = {"title": "Not found", "status": 404}
    steps: list[str] = []

    def flow(context: ClientContext) -> Flow[str]:
        try:
            yield from send(context, get_task.operation, CHAT_QUALITY)
        except NotFoundError as error:
            steps.append(error.operation_id)
        task = yield from send(context, get_task.operation, CHAT_QUALITY)
        return task.name

    def transport() -> Any:
        return one_after_another(answer(problem, 404), answer(TASK))

    assert sync_driver(stopwatch.clock, httpx.Client(transport=transport())).call(flow) == TASK["name"]
    awaiting = async_driver(stopwatch.clock, httpx.AsyncClient(transport=transport()))
    assert outcome(awaiting.call(flow)) == TASK["name"]
    assert steps == ["get_task", "get_task"]


def test_an_error_that_the_flow_does_not_catch_reaches_the_caller(drive: Callable[[Flow[Any]], Any]) -> None:
    with pytest.raises(ZeroDivisionError):
        drive(failure(ZeroDivisionError()))


def test_an_end_of_iteration_within_an_effect_is_not_taken_for_the_end_of_the_flow(stopwatch: Stopwatch) -> None:
    def broken(_: float) -> None:
        raise StopIteration("not the end")

    from axtasks import Clock

    clock = Clock(sleep=broken, sleep_async=stopwatch.sleep_async)

    with pytest.raises(RuntimeError, match="generator raised StopIteration"):
        sync_driver(clock).run(sleep(1))


def test_flows_together_give_their_results_in_order(drive: Callable[[Flow[Any]], Any]) -> None:
    flows = [value("a", 3), value("b", 1), value("c"), value("d", 2)]

    assert drive(gather(flows, at_most=2)) == ["a", "b", "c", "d"]


def test_no_flows_together_give_no_results(drive: Callable[[Flow[Any]], Any]) -> None:
    assert drive(gather([])) == []


def test_the_first_error_of_flows_together_is_the_error_of_all(drive: Callable[[Flow[Any]], Any]) -> None:
    with pytest.raises(ZeroDivisionError):
        drive(gather([value("a", 1), failure(ZeroDivisionError(), 1), value("c", 1)]))


def test_flows_together_can_be_caught_by_the_flow_that_asked_for_them(drive: Callable[[Flow[Any]], Any]) -> None:
    def flow() -> Flow[str]:
        try:
            yield from gather([failure(ZeroDivisionError())])
        except ZeroDivisionError:
            return "caught"
        return "missed"

    assert drive(flow()) == "caught"


class Gate:
    """A clock of the awaiting driver whose sleepers wait until the test releases them."""

    def __init__(self) -> None:
        self.asleep = 0
        self.most_asleep = 0
        self.open = asyncio.Event()

    async def sleep(self, _: float) -> None:
        self.asleep += 1
        self.most_asleep = max(self.most_asleep, self.asleep)
        try:
            await self.open.wait()
        finally:
            self.asleep -= 1

    @property
    def clock(self) -> Clock:
        from axtasks import Clock

        return Clock(sleep_async=self.sleep)


async def until(condition: Callable[[], bool]) -> None:
    """Let other tasks of the loop run until a condition holds."""
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came to that")


@pytest.mark.parametrize("at_most", [1, 3, 8])
def test_no_more_flows_are_under_way_at_once_than_allowed(at_most: int) -> None:
    async def play() -> None:
        gate = Gate()
        running = asyncio.ensure_future(
            async_driver(gate.clock).run(gather([value(n, 1) for n in range(10)], at_most=at_most))
        )
        await until(lambda: gate.asleep == at_most)
        for _ in range(20):
            await asyncio.sleep(0)
        assert gate.asleep == at_most
        gate.open.set()
        assert await running == list(range(10))
        assert gate.most_asleep == at_most

    asyncio.run(play())


def test_an_error_ends_the_other_flows_and_waits_for_their_tidying_up() -> None:
    tidied: list[int] = []

    def patient(number: int) -> Flow[None]:
        try:
            yield Sleep(1)
        finally:
            tidied.append(number)

    async def play() -> None:
        gate = Gate()
        with pytest.raises(ZeroDivisionError):
            async with asyncio.timeout(60):
                await async_driver(gate.clock).run(gather([patient(1), patient(2), failure(ZeroDivisionError())]))
        assert gate.asleep == 0
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(play())
    assert sorted(tidied) == [1, 2]


@pytest.mark.parametrize("nested", [False, True], ids=["alone", "together"])
def test_cancelling_runs_what_a_flow_has_to_do_at_last(nested: bool) -> None:
    tidied: list[str] = []

    def patient() -> Flow[None]:
        try:
            yield from sleep(60)
        finally:
            tidied.append("inner")

    def flow() -> Flow[None]:
        try:
            yield from gather([patient(), patient()]) if nested else patient()
        finally:
            tidied.append("outer")

    async def play() -> None:
        gate = Gate()
        # Held on to, since a generator that nobody holds ends by itself.
        held = flow()
        running = asyncio.ensure_future(async_driver(gate.clock).run(held))
        await until(lambda: gate.asleep == (2 if nested else 1))
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert gate.asleep == 0
        assert tidied == [*["inner"] * (2 if nested else 1), "outer"]

    asyncio.run(play())


def test_an_interrupt_runs_what_a_flow_has_to_do_at_last() -> None:
    from axtasks import Clock

    tidied: list[str] = []

    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    def flow() -> Flow[None]:
        try:
            yield from sleep(1)
        finally:
            tidied.append("done")

    held = flow()
    with pytest.raises(KeyboardInterrupt):
        sync_driver(Clock(sleep=interrupted)).run(held)
    assert tidied == ["done"]

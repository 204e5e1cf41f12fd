"""Tests of lost writes: retried or reconciled within one deadline, and never applied twice."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from axtasks import (
    AmbiguousOutcomeError,
    APIError,
    AxClient,
    AxError,
    ConnectionFailedError,
    ContractViolationError,
    DeadlineExceededError,
    RateLimitError,
    RequestTimeoutError,
    RetryPolicy,
    ServerError,
    Timeouts,
    TransportError,
)
from axtasks.engine.retry import RetryBudget

from tests.pairing import in_turn
from tests.unit.lost_writes import CALLS, FAILURES, Call, Failure, Scene, steps
from tests.unit.support import (
    CHAT_QUALITY,
    DEMO,
    TASK,
    ClientKind,
    Recorder,
    Sent,
    Stopwatch,
    answer,
    client_over,
    one_after_another,
    page,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOT_ACTED = {"never-connected", "429", "503-with-wait"}
LOST = [name for name in FAILURES if name not in NOT_ACTED]


def each_in_turn() -> Iterator[Any]:
    """Give each call four failures with an unknown outcome, and one with a known outcome.

    The failures rotate, so that each call has some and each failure some call: lost writes are all handled alike.
    """
    for at, (name, call) in enumerate(CALLS.items()):
        lost = [how for how in LOST if how != "damaged" or not call.has_no_answer]
        chosen = [(lost[(2 * at + more) % len(lost)], more % 2 == 0) for more in range(4)]
        for how, acted in (*chosen, (sorted(NOT_ACTED)[at % len(NOT_ACTED)], False)):
            title = f"{name}-{how}-{'acted' if acted else 'not-acted'}"
            yield pytest.param(call, FAILURES[how], acted, id=title)


def expected(failure: Failure, call: Call, *, acted: bool) -> list[str]:
    """Return the client's steps after its first attempt failed."""
    name = next(name for name, other in FAILURES.items() if other is failure)
    if name in NOT_ACTED:
        return ["write", "write"]
    if acted:
        return ["write", "read", "write", "read"] if call.shows_late else ["write", "read"]
    return ["write", "read", "write"] if call.is_repeatable else ["write", "read"]


@pytest.fixture
def scene(client_kind: ClientKind) -> Scene:
    return Scene(client_kind)


@pytest.mark.parametrize(("call", "failure", "acted"), list(each_in_turn()))
def test_a_lost_write_happens_once_and_its_result_comes_back(
    call: Call, failure: Failure, acted: bool, scene: Scene
) -> None:
    transport = scene.transport((failure.given, acted))

    result = scene.play(call, transport)

    assert steps(transport) == expected(failure, call, acted=acted)
    if not call.is_repeatable and not acted and len(transport.writes) == 1:
        assert isinstance(result, AmbiguousOutcomeError)
        assert scene.effects(call) == 0
        return
    assert not isinstance(result, AxError), result
    assert scene.effects(call) == 1


@pytest.mark.both_contracts
@pytest.mark.both_clients
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_the_result_of_a_lost_write_equals_an_answered_one(call: Call, scene: Scene) -> None:
    """A result that was found by reading equals one that was answered."""
    lost = scene.play(call, scene.transport((FAILURES["reset"].given, True)))
    other = Scene(scene.client_kind)
    answered = other.play(call, other.transport())

    def shape(result: Any) -> object:
        own = {"id", "created_at", "updated_at", "last_run_at", "run_finished_at"}
        return result and {name: value for name, value in result.to_dict().items() if name not in own}

    assert shape(lost) == shape(answered)


@pytest.mark.both_clients
@pytest.mark.parametrize(("name", "second"), in_turn(CALLS, ["reset", "500", "too-slow"]))
def test_two_failures_after_one_another_do_not_double_it(name: str, second: str, scene: Scene) -> None:
    """The first failure comes before the server acts, the second after."""
    call = CALLS[name]
    first = FAILURES["reset" if call.is_repeatable else "429"]
    transport = scene.transport((first.given, False), (FAILURES[second].given, True))

    result = scene.play(call, transport)

    assert not isinstance(result, AxError), result
    expected = ["write", "read"] * (3 if call.shows_late else 2)
    assert steps(transport) == (expected if call.is_repeatable else ["write", *["write", "read"]])
    assert scene.effects(call) == 1


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_a_client_without_reconciliation_searches_for_nothing(call: Call, scene: Scene) -> None:
    transport = scene.transport((FAILURES["reset"].given, True))

    result = scene.play(call, transport, on_ambiguous="raise")

    assert steps(transport) == ["write"]
    assert isinstance(result, AmbiguousOutcomeError)
    assert isinstance(result.__cause__, AxError)


def test_an_ambiguous_outcome_tells_everything_known(scene: Scene) -> None:
    transport = scene.transport((FAILURES["too-slow"].given, False))

    error = scene.play(CALLS["trigger-evaluation"], transport)

    assert isinstance(error, AmbiguousOutcomeError)
    assert (error.operation_id, error.method, error.attempts) == ("trigger_task_run", "POST", 1)
    assert error.path.startswith("/v2/tasks/")
    assert error.body == transport.writes[0].json
    assert isinstance(error.__cause__, RequestTimeoutError)
    assert "sent once, and it cannot be told whether it happened" in str(error)
    assert error.reason in str(error)


def test_an_unanswered_trigger_is_looked_for_a_few_times(scene: Scene) -> None:
    """The run may appear a little later."""
    scene.play(CALLS["trigger-evaluation"], scene.transport((FAILURES["reset"].given, False)))

    assert scene.naps == [0.5, 1.0]


def gone_for(scene: Scene, seconds: float, trouble: Callable[[], httpx.Response]) -> Recorder:
    """Return a transport that applies the first write without a response, and then fails for some seconds."""
    back_at: list[float] = []

    def respond(sent: Sent) -> httpx.Response:
        scene.pass_time(0.01)
        if not back_at and sent.is_write:
            scene.ask(sent)
            back_at.append(scene.monotonic + seconds)
            raise httpx.ReadError("reset")
        return trouble() if back_at and scene.monotonic < back_at[0] else scene.ask(sent)

    return Recorder(respond)


def refused() -> httpx.Response:
    raise httpx.ConnectError("refused")


@pytest.mark.both_clients
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_a_lost_write_is_looked_for_until_the_server_is_back(call: Call, scene: Scene) -> None:
    result = scene.play(call, gone_for(scene, 5, refused), timeout=20)

    assert not isinstance(result, AxError), result
    assert scene.effects(call) == 1


@pytest.mark.parametrize(
    ("trouble", "seconds"),
    [
        pytest.param(refused, (10, 20), id="for-the-moment"),
        pytest.param(lambda: httpx.Response(429, headers={"retry-after": "6"}), (12, 20), id="busy"),
        pytest.param(lambda: httpx.Response(429, headers={"retry-after": "60"}), (0, 1), id="busy-for-too-long"),
        pytest.param(lambda: httpx.Response(502), (10, 20), id="gateway"),
        pytest.param(lambda: httpx.Response(500), (3, 4), id="failing"),
        pytest.param(lambda: httpx.Response(403), (0, 1), id="for-good"),
    ],
)
def test_a_lost_write_is_looked_for_while_the_server_is_unavailable_and_there_is_time(
    trouble: Callable[[], httpx.Response], seconds: tuple[float, float], scene: Scene
) -> None:
    error = scene.play(CALLS["delete"], gone_for(scene, 60, trouble), timeout=20)

    assert isinstance(error, AmbiguousOutcomeError)
    assert "and then reading failed" in error.reason
    assert seconds[0] <= scene.monotonic - 1000 <= seconds[1]


def test_without_retries_a_lost_write_is_looked_for_once(scene: Scene) -> None:
    transport = gone_for(scene, 5, refused)

    assert isinstance(scene.play(CALLS["delete"], transport, retry=RetryPolicy(attempts=1)), AmbiguousOutcomeError)
    assert len(transport.sent) == 2


def test_there_is_no_backoff_before_a_search_that_the_deadline_rules_out(scene: Scene) -> None:
    scene.play(CALLS["trigger-evaluation"], scene.transport((FAILURES["reset"].given, False)), timeout=1.2)

    assert scene.naps == [0.5]


@pytest.mark.parametrize("name", [name for name, failure in FAILURES.items() if isinstance(failure.given, Exception)])
def test_a_request_of_ones_own_is_sent_again_unless_it_may_have_done_something(name: str) -> None:
    for method in ("GET", "POST", "PATCH", "DELETE"):
        transport = one_after_another(FAILURES[name].given, answer(TASK))
        client = client_over(transport, retry=RetryPolicy(), clock=Stopwatch().clock)

        if method == "GET" or name in NOT_ACTED:
            assert client.request(method, "/v2/tasks/any").status_code == 200, method
            assert len(transport.sent) == 2, method
        else:
            with pytest.raises(TransportError):
                client.request(method, "/v2/tasks/any")
            assert len(transport.sent) == 1, method


def test_a_trigger_that_takes_effect_late_is_found(scene: Scene) -> None:
    transport = scene.transport((FAILURES["reset"].given, False))
    late: list[httpx.Response] = []

    def act_later(seconds: float) -> None:
        scene.naps.append(seconds)
        scene.pass_time(seconds)
        if not late:
            late.append(scene.ask(transport.writes[0]))

    scene.sleep = act_later  # type: ignore[method-assign]  # the server acts while the client pauses

    run = scene.play(CALLS["trigger-evaluation"], transport)

    assert run.id == late[0].json()["id"]
    assert scene.effects(CALLS["trigger-evaluation"]) == 1


def reading(*answers: httpx.Response | Exception, **settings: Any) -> tuple[Any, list[float], Recorder]:
    """Return the result of reading a task from a scripted server, and the pauses."""
    stopwatch = Stopwatch()
    remaining = iter(answers)

    def script(_: Sent) -> httpx.Response:
        given = next(remaining)
        if isinstance(given, Exception):
            raise given
        return given

    transport = Recorder(script)
    settings = {"retry": RetryPolicy(jitter=lambda: 1.0), "clock": stopwatch.clock, **settings}
    try:
        result: Any = client_over(transport, **settings).tasks.get(CHAT_QUALITY)
    except AxError as error:
        result = error
    return result, stopwatch.naps, transport


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES.keys())
def test_a_read_is_tried_again(failure: Failure) -> None:
    result, naps, _ = reading(failure.given, answer(TASK))

    assert result.id == CHAT_QUALITY
    assert naps == [2.0 if "retry-after" in getattr(failure.given, "headers", {}) else 0.5]


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 405, 409, 413, 415, 422, 501])
def test_a_read_that_the_server_decided_about_is_not(status: int) -> None:
    result, naps, transport = reading(answer({"title": "No", "status": status}, status))

    assert isinstance(result, APIError)
    assert result.status_code == status
    assert naps == []
    assert len(transport.sent) == 1


def test_the_attempts_come_to_an_end() -> None:
    result, naps, transport = reading(*[httpx.Response(503)] * 9)

    assert isinstance(result, ServerError)
    assert len(transport.sent) == 4
    assert naps == [0.5, 1.0, 2.0]


def test_a_wait_longer_than_the_deadline_ends_the_call_at_once() -> None:
    result, naps, transport = reading(answer({}, 429, retry_after="3600"), answer(TASK))

    assert isinstance(result, RateLimitError)
    assert result.retry_after_seconds == 3600
    assert "asks to wait 3600 seconds" in str(result)
    assert naps == []
    assert len(transport.sent) == 1


def test_all_attempts_share_one_deadline() -> None:
    stopwatch = Stopwatch()

    def script(sent: Sent) -> httpx.Response:
        stopwatch.now += sent.timeout_seconds
        raise httpx.ReadTimeout("slow")

    transport = Recorder(script)
    policy = RetryPolicy(attempts=99, jitter=lambda: 1.0)
    ax = client_over(transport, clock=stopwatch.clock, retry=policy, timeout=Timeouts(read=4, total=10))

    with pytest.raises(RequestTimeoutError):
        ax.tasks.get(CHAT_QUALITY)

    assert stopwatch.now - 1000 <= 10
    assert [sent.timeout_seconds for sent in transport.sent] == [4, 4, 0.5]


SPACE = {"id": DEMO, "name": "demo", "description": "", "created_at": TASK["created_at"]}


def test_looking_names_up_counts_too() -> None:
    stopwatch = Stopwatch()

    def script(_: Sent) -> httpx.Response:
        stopwatch.now += 6
        return page("spaces", SPACE)

    ax = client_over(Recorder(script), clock=stopwatch.clock, timeout=5)

    with pytest.raises(DeadlineExceededError, match="the time for the call was over before list_tasks could be sent"):
        ax.tasks.get("Chat Quality Monitor", space="demo")


def test_a_write_that_there_was_no_time_left_for_is_no_riddle() -> None:
    stopwatch = Stopwatch()

    def script(_: Sent) -> httpx.Response:
        stopwatch.now += 6
        return page("tasks", TASK)

    transport = Recorder(script)
    ax = client_over(transport, clock=stopwatch.clock, timeout=5)

    with pytest.raises(DeadlineExceededError, match="before update_task could be sent"):
        ax.tasks.update(TASK["name"], name="Other", space=DEMO)
    assert transport.writes == []


def test_a_write_leaves_time_to_find_out_about_it() -> None:
    sent = Recorder(lambda sent: answer(TASK) if sent.is_write else page("tasks", TASK))
    ax = client_over(sent, timeout=8, clock=Stopwatch().clock)

    ax.tasks.update(TASK["name"], name="Other", space=DEMO)

    assert [request.timeout_seconds for request in sent.sent] == [8, 6]


def test_without_budget_nothing_is_tried_again() -> None:
    stopwatch = Stopwatch()
    transport = Recorder(lambda _: httpx.Response(503))
    ax = client_over(transport, clock=stopwatch.clock, retry=RetryPolicy(jitter=lambda: 1.0))

    calls = 40
    for _ in range(calls):
        with pytest.raises(ServerError):
            ax.tasks.get(CHAT_QUALITY)

    assert len(transport.sent) == calls + RetryBudget.FULL // RetryBudget.COST


@pytest.mark.parametrize(
    ("answers", "left"),
    [
        pytest.param([200], 91, id="a-success-gives-back-a-little"),
        pytest.param([503, 200], 90, id="a-further-attempt-that-succeeds-gives-back-what-it-cost"),
        pytest.param([503, 503, 200], 85, id="of-two-further-attempts-the-one-that-failed-stays-paid"),
        pytest.param([400], 90, id="a-refusal-gives-back-nothing"),
    ],
)
@pytest.mark.parametrize("strict", [False, True], ids=["", "strict"])
def test_retries_and_successes_change_the_budget(answers: list[int], left: int, strict: bool) -> None:
    """With `strict`, the response goes beyond the contract; the call is carried out all the same."""
    body = {**TASK, "unheard_of": 1} if strict else TASK
    transport = one_after_another(*(answer(body, status) for status in answers))
    ax = client_over(transport, clock=Stopwatch().clock, retry=RetryPolicy(), strict=strict)
    while ax._context.budget.left > 90:
        ax._context.budget.take()

    with suppress(APIError, ContractViolationError):
        ax.tasks.get(CHAT_QUALITY)

    assert ax._context.budget.left == left


@pytest.mark.parametrize("make", [lambda ax: ax.with_options(timeout=3), lambda ax: ax], ids=["view", "same"])
def test_views_of_a_client_share_its_budget(make: Callable[[AxClient], AxClient]) -> None:
    # Pauses by chance could end just before the timeout, too late for an attempt of the real transport.
    retry = RetryPolicy(jitter=lambda: 0.1)
    ax = client_over(Recorder(lambda _: httpx.Response(503)), clock=Stopwatch().clock, retry=retry)
    view = make(ax)
    for _ in range(40):
        with pytest.raises(ServerError):
            view.tasks.get(CHAT_QUALITY)

    with pytest.raises(ServerError):
        ax.tasks.get(CHAT_QUALITY)
    assert ax._context.budget.left == 0


def test_a_view_has_options_of_its_own_and_the_connections_of_its_client(stopwatch: Stopwatch) -> None:
    transport = Recorder(lambda _: answer(TASK))
    ax = client_over(transport, clock=stopwatch.clock)

    ax.with_options(timeout=3).tasks.get(CHAT_QUALITY)
    ax.tasks.get(CHAT_QUALITY)
    ax.with_options(timeout=3).with_options(retry=RetryPolicy()).tasks.get(CHAT_QUALITY)

    assert [sent.timeout_seconds for sent in transport.sent] == [3, 30, 3]


def test_a_write_to_a_server_that_is_not_there_is_no_riddle(scene: Scene) -> None:
    trouble = (FAILURES["never-connected"].given, False)
    transport = scene.transport(*[trouble] * 4)

    result = scene.play(CALLS["create-evaluation"], transport)

    assert isinstance(result, ConnectionFailedError)
    assert steps(transport) == ["write"] * 4


def test_a_write_that_failed_for_good_is_no_riddle_where_the_server_was_done_with_it(scene: Scene) -> None:
    transport = scene.transport(*[(FAILURES["500"].given, False)] * 4)

    result = scene.play(CALLS["create-evaluation"], transport)

    assert isinstance(result, ServerError)
    assert steps(transport) == ["write", "read"] * 4

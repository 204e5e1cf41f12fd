"""Tests of lost writes in unlucky cases: nothing is applied twice, and nothing of another caller is claimed."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import httpx
import pytest
from axtasks import AmbiguousOutcomeError, AxError, ConflictError, NotApplicableError, NotFoundError
from axtasks.mock import default_world as known
from axtasks_api import models

from tests.dialects import off_the_wire, on_the_wire
from tests.unit.lost_writes import CALLS, FAILURES, WINDOW, Scene, Trouble, steps
from tests.unit.run_service import WINDOW as RUN_WINDOW
from tests.unit.run_service import RunService
from tests.unit.support import (
    CHAT_QUALITY,
    DEMO,
    ENTITY,
    HALLUCINATION,
    LLM_CONFIGURATION,
    TASK,
    Recorder,
    Sent,
    Stage,
    client_over,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.unit.support import ClientKind

PENDING = models.TaskRunStatus.PENDING


@pytest.fixture
def scene(client_kind: ClientKind) -> Scene:
    return Scene(client_kind)


def late(scene: Scene, *troubles: tuple[Trouble, bool], looks: int) -> Recorder:
    """Return a transport whose first reads after a write show the state before it, like a replica that lags.

    Args:
        scene: the current state.
        troubles: the failure of each of the first writes, and True if the server applies it all the same.
        looks: the number of requests answered with the earlier state.
    """
    answer, before, remaining = scene.transport(*troubles)._answer, dict[str, httpx.Response](), [looks]
    assert not isinstance(answer, Stage)

    def stale(sent: Sent) -> httpx.Response:
        if sent.is_write:
            task = f"/v2/tasks/{CHAT_QUALITY}"
            for path in (task, f"{task}/runs", "/v2/tasks", f"/v2/task-runs/{scene.run}"):
                query = {"name": "New"} if path == "/v2/tasks" else {}
                before.setdefault(path, scene.ask(Sent("GET", path, query, b"", sent.headers, 1)))
        elif before and remaining[0]:
            remaining[0] -= 1
            return before[unquote(sent.path)]
        return answer(sent)

    return Recorder(stale)


def test_a_trigger_whose_answer_was_damaged_is_not_sent_again(scene: Scene) -> None:
    """The server confirmed it; a run that does not show yet may exist all the same."""
    call = CALLS["trigger-evaluation"]
    transport = late(scene, (FAILURES["damaged"].given, True), looks=9)

    result = scene.play(call, transport)

    assert isinstance(result, AmbiguousOutcomeError)
    assert steps(transport) == ["write", "read"]
    assert scene.effects(call) == 1


def test_a_trigger_whose_answer_was_damaged_is_looked_for_a_few_times(scene: Scene) -> None:
    call = CALLS["trigger-evaluation"]
    transport = late(scene, (FAILURES["damaged"].given, True), looks=2)

    result = scene.play(call, transport)

    assert not isinstance(result, AxError), result
    assert steps(transport) == ["write", "read"]
    assert scene.effects(call) == 1


@pytest.mark.both_contracts
@pytest.mark.parametrize("first", ["500", "reset"])
@pytest.mark.parametrize("name", ["create-evaluation", "create-experiments", "delete", "cancel"])
def test_a_late_effect_of_a_failed_attempt_is_not_reported_as_refused(name: str, first: str, scene: Scene) -> None:
    """The effect was not visible, so the write was sent again; its refusal is the trace of the first attempt."""
    call = CALLS[name]
    transport = late(scene, (FAILURES[first].given, True), looks=1)

    result = scene.play(call, transport)

    assert not isinstance(result, AxError), result
    assert steps(transport) == ["write", "read", "write", "read"]
    assert scene.effects(call) == 1


def changed(scene: Scene, trouble: Trouble, change: Callable[[httpx.Response], httpx.Response]) -> Recorder:
    """Return a transport that loses the response to the first write, and changes all later responses."""
    answer = scene.transport((trouble, True))._answer
    assert not isinstance(answer, Stage)
    return Recorder(lambda sent: change(answer(sent)))


def with_clock_ahead(response: httpx.Response) -> httpx.Response:
    """Return the response of a server whose `Date` is a minute ahead of its stored times."""
    if "date" not in response.headers:
        return response
    ahead = parsedate_to_datetime(response.headers["date"]) + timedelta(minutes=1)
    headers = {**response.headers, "date": format_datetime(ahead, usegmt=True)}
    return httpx.Response(response.status_code, headers=headers, content=response.content)


def with_rounded_share(response: httpx.Response) -> httpx.Response:
    """Return the response of a server that rounds a stored share differently."""
    content = response.content.replace(b'"sampling_rate":0.5', b'"sampling_rate":0.500001')
    return httpx.Response(response.status_code, headers=response.headers, content=content)


@pytest.mark.parametrize("change", [with_clock_ahead, with_rounded_share])
def test_a_created_task_that_is_hard_to_recognize_is_not_reported_as_a_taken_name(
    change: Callable[[httpx.Response], httpx.Response], scene: Scene
) -> None:
    call = CALLS["create-evaluation"]
    transport = changed(scene, FAILURES["reset"].given, change)

    result = scene.play(call, transport)

    assert isinstance(result, AmbiguousOutcomeError)
    assert [getattr(task, "name", None) for task in result.candidates] == ["New"]
    assert scene.effects(call) == 1


def test_a_name_that_was_taken_long_before_is_a_taken_name(scene: Scene) -> None:
    call = CALLS["create-evaluation"]
    scene.play(call, scene.transport())
    scene.pass_time(600)
    transport = scene.transport((FAILURES["reset"].given, True))

    result = scene.play(call, transport)

    assert isinstance(result, ConflictError)
    assert scene.effects(call) == 1


def with_rival_trigger(scene: Scene, trouble: tuple[Trouble, bool], body: dict[str, object]) -> Recorder:
    """Return a transport that fails the first write while another caller triggers the same task."""
    answer, responses = scene.transport(trouble)._answer, list[httpx.Response]()
    assert not isinstance(answer, Stage)

    def script(sent: Sent) -> httpx.Response:
        if sent.is_write and not responses:
            responses.append(scene.ask(replace(sent, body=json.dumps(body).encode())))
        return answer(sent)

    return Recorder(script)


@pytest.mark.parametrize("acted", [False, True], ids=["not-acted", "acted"])
def test_a_run_without_an_experiment_yet_may_be_somebody_elses(acted: bool, scene: Scene) -> None:
    """A taken name without a finished experiment is the only proof that a run of ours is on its way."""
    call = CALLS["trigger-experiment"]
    transport = with_rival_trigger(scene, (FAILURES["reset"].given, acted), {"experiment_name": "theirs"})

    result = scene.play(call, transport)

    assert scene.effects(call) == 2
    if acted:
        assert isinstance(result, AmbiguousOutcomeError)
        assert len(result.candidates) == 2
    else:
        assert not isinstance(result, AxError), result
        assert steps(transport) == ["write", "read", "write"]
        scene.pass_time(1800)
        with client_over(scene.door) as ax:
            experiment_id = ax.tasks.get_run(result.id).experiment_id
            assert isinstance(experiment_id, str)
            assert ax.experiments.get(experiment_id).name == "second"


@pytest.mark.parametrize("acted", [False, True], ids=["not-acted", "acted"])
def test_a_window_that_ended_long_ago_is_not_the_one_that_ends_now(acted: bool, scene: Scene) -> None:
    """A run without an explicit end has a window that ends at its trigger."""
    start = WINDOW["data_start_time"]
    call = replace(
        CALLS["trigger-evaluation"], make=lambda ax, _: ax.tasks.trigger_run(CHAT_QUALITY, data_start_time=start)
    )
    theirs = {"data_start_time": start.isoformat(), "data_end_time": WINDOW["data_end_time"].isoformat()}
    transport = with_rival_trigger(scene, (FAILURES["reset"].given, acted), theirs)

    result = scene.play(call, transport)

    assert scene.effects(call) == 1 + acted
    if acted:
        assert not isinstance(result, AxError), result
        assert result.data_start_time == start
        assert result.data_end_time == result.created_at
    else:
        assert isinstance(result, AmbiguousOutcomeError)
        assert not result.candidates


@pytest.mark.parametrize("status", ["failed", "cancelled", "abandoned"])
def test_a_run_that_ended_without_an_experiment_may_have_been_ours(status: str, scene: Scene) -> None:
    """Its name is free again, so another trigger would be applied as well."""

    def ended(response: httpx.Response) -> httpx.Response:
        shown = off_the_wire(json.loads(response.content or b"{}"))
        if "task_runs" not in shown:
            return response
        runs = [{**run, "status": status} if run["status"] == PENDING else run for run in shown["task_runs"]]
        return httpx.Response(200, headers=response.headers, json=on_the_wire({**shown, "task_runs": runs}))

    call = CALLS["trigger-experiment"]
    transport = changed(scene, FAILURES["reset"].given, ended)

    result = scene.play(call, transport)

    assert isinstance(result, AmbiguousOutcomeError)
    assert len(result.candidates) == 1
    assert steps(transport) == ["write", "read"]
    assert scene.effects(call) == 1


def test_a_name_that_an_experiment_has_is_taken_whoever_runs_the_task(scene: Scene) -> None:
    """A run without an experiment is not claimed when the name belonged to another one all along."""
    call = CALLS["trigger-experiment"]
    scene.play(call, scene.transport())
    scene.pass_time(7200)
    transport = with_rival_trigger(scene, (FAILURES["reset"].given, True), {"experiment_name": "theirs"})

    result = scene.play(call, transport)

    assert isinstance(result, ConflictError)


@pytest.mark.parametrize("failure", ["500", "reset"])
@pytest.mark.parametrize(
    ("task", "candidates"),
    [pytest.param(CHAT_QUALITY, 2, id="by-id"), pytest.param("Chat Quality Monitor", 1, id="by-name")],
)
def test_a_trigger_is_not_sent_again_because_its_run_seems_too_old(
    failure: str, task: str, candidates: int, scene: Scene
) -> None:
    """The task was read by name just before, so its earlier runs are known."""
    call = replace(CALLS["trigger-evaluation"], make=lambda ax, _: ax.tasks.trigger_run(task, space=DEMO, **WINDOW))
    transport = changed(scene, FAILURES[failure].given, with_clock_ahead)

    result = scene.play(call, transport)

    assert isinstance(result, AmbiguousOutcomeError)
    assert len(result.candidates) == candidates
    assert steps(transport) == ["write", "read"]
    assert scene.effects(call) == 1


def test_the_run_of_an_experiment_is_known_by_its_name_whatever_the_clocks(scene: Scene) -> None:
    call = CALLS["trigger-experiment"]
    by_name = replace(call, make=lambda ax, _: ax.tasks.trigger_run("Answers", space=DEMO, experiment_name="second"))
    transport = changed(scene, FAILURES["reset"].given, with_clock_ahead)

    result = scene.play(by_name, transport)

    assert not isinstance(result, AxError), result
    assert scene.effects(call) == 1


def test_by_another_clock_a_run_without_an_experiment_yet_may_be_an_earlier_one(scene: Scene) -> None:
    """The earlier runs of a task that was not read before are unknown; none is claimed by mistake."""
    call = CALLS["trigger-experiment"]
    transport = changed(scene, FAILURES["reset"].given, with_clock_ahead)

    result = scene.play(call, transport)

    assert isinstance(result, AmbiguousOutcomeError)
    assert scene.effects(call) == 1


@pytest.mark.parametrize("task", ["by-id", "seen-long-ago", "by-name"])
def test_somebody_elses_run_of_the_same_name_is_never_taken_for_ours(task: str, scene: Scene) -> None:
    """This holds for a task that was not read before, too; ours was not applied, since the name was taken."""
    call = CALLS["trigger-experiment"]

    def make(ax: Any, scene: Scene) -> Any:
        if task == "seen-long-ago":
            seen = models.Task.from_dict(TASK | {"id": scene.experiments, "type": models.TaskType.RUN_EXPERIMENT.value})
            ax._context.tasks.store(seen.id, seen, requested_at=scene.monotonic - 3600)
        reference = "Answers" if task == "by-name" else scene.experiments
        return ax.tasks.trigger_run(reference, space=DEMO, experiment_name="first")

    result = scene.play(replace(call, make=make), scene.transport((FAILURES["reset"].given, False)))

    assert isinstance(result, ConflictError if task == "by-name" else AmbiguousOutcomeError)
    assert scene.effects(call) == 0


@pytest.mark.parametrize("acted", [False, True], ids=["not-acted", "acted"])
def test_a_run_from_before_the_task_was_read_is_not_claimed(acted: bool, client_kind: ClientKind) -> None:
    """Another caller's run may cover the same window in the same second."""
    scene = Scene(client_kind, quiet_seconds=0)
    call = replace(
        CALLS["trigger-evaluation"],
        make=lambda ax, _: ax.tasks.trigger_run("Chat Quality Monitor", space=DEMO, **WINDOW),
    )

    result = scene.play(call, scene.transport((FAILURES["reset"].given, acted)))

    assert scene.effects(call) == int(acted)
    if acted:
        assert not isinstance(result, AxError), result
    else:
        assert isinstance(result, AmbiguousOutcomeError)
        assert not result.candidates


def test_an_update_after_somebody_elses_of_just_now_is_left_open_unless_that_was_seen(scene: Scene) -> None:
    """The other change may have come after ours: only a client that read it before knows otherwise."""
    with client_over(scene.door) as somebody:
        somebody.tasks.update(CHAT_QUALITY, query_filter="theirs")
    lost = (FAILURES["reset"].given, False)

    by_id = scene.play(CALLS["update"], scene.transport(lost))
    by_name = scene.play(
        replace(
            CALLS["update"], make=lambda ax, _: ax.tasks.update("Chat Quality Monitor", space=DEMO, sampling_rate=0.25)
        ),
        scene.transport(lost),
    )

    assert isinstance(by_id, AmbiguousOutcomeError)
    assert by_name.sampling_rate == 0.25


def test_a_run_that_a_list_shows_twice_is_one_run(scene: Scene) -> None:
    call = CALLS["trigger-evaluation"]

    def twice(response: httpx.Response) -> httpx.Response:
        shown = json.loads(response.content or b"{}")
        if "task_runs" not in shown:
            return response
        return httpx.Response(200, headers=response.headers, json={**shown, "task_runs": shown["task_runs"] * 2})

    result = scene.play(call, changed(scene, FAILURES["reset"].given, twice))

    assert not isinstance(result, AxError), result
    assert scene.effects(call) == 1


@pytest.fixture(params=["America/New_York", "Asia/Tokyo"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set the time zone of this machine."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    "date",
    ["Tue Mar 10 15:00:00 2026", "Tue, 10 Mar 2026 15:00:00 -0000", "Fri, 31 Dec 9999 23:59:59 -2359", "soon", ""],
    ids=["oldest-form", "no-zone", "after-all-time", "words", "empty"],
)
@pytest.mark.usefixtures("zone")
def test_however_a_server_writes_its_date_a_trigger_is_not_doubled(date: str, scene: Scene) -> None:
    transport = scene.transport((FAILURES["500"].given, True))
    plain = scene.ask

    def ask(sent: Sent) -> httpx.Response:
        given = plain(sent)
        given.headers["date"] = date
        return given

    scene.ask = ask  # type: ignore[method-assign]  # the server writes its dates in another way

    result = scene.play(CALLS["trigger-evaluation"], transport)

    assert len(transport.writes) == 1
    assert isinstance(result, AmbiguousOutcomeError) or result.task_id == CHAT_QUALITY


@pytest.mark.parametrize("date", [None, "soon"], ids=["none", "words"])
def test_without_the_time_of_the_server_an_earlier_run_is_not_taken_for_the_new_one(
    date: str | None, client_kind: ClientKind
) -> None:
    service = RunService()
    service.add(ago=timedelta(hours=20), status="completed")

    def undated(sent: Sent) -> httpx.Response:
        response = service.handle(sent)
        del response.headers["date"]
        response.headers.update({} if date is None else {"date": date})
        return response

    def lose(run: dict[str, Any]) -> httpx.Response:
        service.runs.remove(run)
        raise httpx.ReadError("reset")

    service.on_trigger = lose

    with pytest.raises(AmbiguousOutcomeError) as caught:
        client_kind.ask(
            Recorder(undated),
            lambda ax: ax.tasks.trigger_run(CHAT_QUALITY, **RUN_WINDOW),
            clock=service.stopwatch.clock,
        )
    assert len(caught.value.candidates) == 1


def test_a_deleted_experiment_of_another_run_leaves_nothing_open(scene: Scene) -> None:
    transport = scene.transport((FAILURES["reset"].given, True))
    plain = scene.ask

    def ask(sent: Sent) -> httpx.Response:
        return httpx.Response(404) if sent.path.startswith("/v2/experiments/") else plain(sent)

    scene.ask = ask  # type: ignore[method-assign]  # somebody deletes experiments

    result = scene.play(CALLS["trigger-experiment"], transport)

    assert not isinstance(result, AmbiguousOutcomeError), result.reason


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("cancel", lambda ax, _: ax.tasks.cancel_run(ENTITY)),
        (
            "create-experiments",
            lambda ax, _: ax.tasks.create_run_experiment_task("N", dataset=ENTITY, run_configuration=LLM_CONFIGURATION),
        ),
    ],
    ids=["a run", "a dataset"],
)
def test_a_failed_write_about_what_is_not_there_is_refused(
    name: str, make: Callable[[Any, Scene], Any], scene: Scene
) -> None:
    """The refused read shows as well that the write had no effect."""
    transport = scene.transport((FAILURES["500"].given, False))

    result = scene.play(replace(CALLS[name], make=make), transport)

    assert isinstance(result, NotFoundError)
    assert steps(transport) == ["write", "read", "write"]


def test_a_failed_trigger_of_what_is_not_there_is_refused_without_another(scene: Scene) -> None:
    """The refused read shows that it had no effect, so it is not sent again."""
    transport = scene.transport((FAILURES["500"].given, False))
    trigger = replace(CALLS["trigger-evaluation"], make=lambda ax, _: ax.tasks.trigger_run(ENTITY, **WINDOW))

    result = scene.play(trigger, transport)

    assert isinstance(result, NotFoundError)
    assert steps(transport) == ["write", "read"]


def test_an_update_that_does_not_apply_never_happened_whatever_the_task_shows(scene: Scene) -> None:
    """A run_experiment task has no filter and no continuous runs, and its response repeats the sent values."""
    transport = scene.transport((httpx.Response(400, content=b'{"tit'), False))
    fields = {"query_filter": None, "is_continuous": False}
    update = replace(CALLS["update"], make=lambda ax, stage: ax.tasks.update(stage.experiments, **fields))

    result = scene.play(update, transport)

    assert isinstance(result, NotApplicableError)
    lost = scene.play(update, scene.transport((FAILURES["reset"].given, False)))
    assert isinstance(lost, NotApplicableError)


def test_an_update_over_a_dataset_that_is_not_to_be_continuous_applies(scene: Scene) -> None:
    """C19: the value holds anyway, also where the response was lost and the task is read."""
    update = replace(CALLS["update"], make=lambda ax, _: ax.tasks.update(known.GOLDEN_REVIEW, is_continuous=False))

    result = scene.play(update, scene.transport((FAILURES["reset"].given, True)))

    assert (result.id, result.is_continuous) == (known.GOLDEN_REVIEW, False)


def test_an_update_that_takes_something_away_did_not_happen_while_it_is_there(scene: Scene) -> None:
    """Evaluators are replaced whole: a task that still has a filter that was not sent was not changed."""
    filtered = {"evaluator_id": HALLUCINATION, "query_filter": "x = 1"}
    with client_over(scene.door) as somebody:
        somebody.tasks.update(CHAT_QUALITY, evaluators=[filtered])
    scene.pass_time(3600)
    update = replace(CALLS["update"], make=lambda ax, _: ax.tasks.update(CHAT_QUALITY, evaluators=[HALLUCINATION]))

    result = scene.play(update, scene.transport((FAILURES["503"].given, False)))

    assert not result.evaluators[0].query_filter

"""Tests of responses that lack a field: only calls that need it fail and name it, and no write is misjudged."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from axtasks import (
    AmbiguousOutcomeError,
    APIError,
    AxError,
    ContractViolationError,
    MissingFieldError,
    RunTimeoutError,
)
from axtasks_api import models

from tests.unit.left_out import Place, noting, without
from tests.unit.lost_writes import CALLS, FAILURES, WINDOW, Scene
from tests.unit.support import (
    BASELINE,
    CHAT_PROD,
    CHAT_QUALITY,
    CHAT_QUALITY_RUN,
    DEMO,
    GOLDEN_SET,
    HALLUCINATION,
    RUN,
    TASK,
    Blocking,
    Stage,
    answer,
    client_over,
    one_after_another,
    page,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.left_out import Answer
    from tests.unit.lost_writes import Trouble

    Flow = Callable[[Any, Scene], Any]


def wait(ax: Any, scene: Scene) -> Any:
    """Wait for a run that ends soon."""
    scene.pass_time(3590)
    return ax.tasks.wait_for_run(scene.run, timeout=60)


def wait_for_several(ax: Any, scene: Scene) -> Any:
    """Wait for runs of two tasks, one of which has ended."""
    scene.pass_time(3590)
    return ax.tasks.wait_for_runs([scene.run, CHAT_QUALITY_RUN], timeout=60)


EARLIER_WINDOW = {name: time - timedelta(days=9) for name, time in WINDOW.items()}

# What is called, and the fields without which it cannot be done.
FLOWS: dict[str, tuple[Flow, set[str]]] = {
    "list-tasks": (lambda ax, _: len(list(ax.tasks.list(limit=3))), {"TaskListResponse.tasks"}),
    "get-task": (lambda ax, _: ax.tasks.get(CHAT_QUALITY), set()),
    "get-task-by-name": (
        lambda ax, _: ax.tasks.get("Chat Quality Monitor", space="demo"),
        {"SpaceListResponse.spaces", "Space.id", "Space.name", "TaskListResponse.tasks", "Task.id", "Task.name"},
    ),
    "list-runs": (lambda ax, _: len(list(ax.tasks.list_runs(CHAT_QUALITY))), {"TaskRunListResponse.task_runs"}),
    "get-run": (lambda ax, scene: ax.tasks.get_run(scene.run), set()),
    "wait": (wait, {"TaskRun.status"}),
    "wait-for-several": (wait_for_several, {"TaskRun.status"}),
    "create": (CALLS["create-evaluation"].make, set()),
    "update": (CALLS["update"].make, set()),
    "delete": (CALLS["delete"].make, set()),
    "cancel": (CALLS["cancel"].make, set()),
    "trigger-evaluation": (CALLS["trigger-evaluation"].make, set()),
    "trigger-experiment": (CALLS["trigger-experiment"].make, set()),
    # The type of the task decides what can be sent.
    "trigger-by-type": (
        lambda ax, _: ax.tasks.trigger_run(CHAT_QUALITY, max_spans=5, data_start_time=WINDOW["data_start_time"]),
        set(),
    ),
    # One that is triggered, and the same again, which finds it.
    "trigger-once": (
        lambda ax, _: [ax.tasks.ensure_run(CHAT_QUALITY, **EARLIER_WINDOW) for _ in range(2)],
        {"Task.type", "TaskRun.created_at", "TaskRun.id", "TaskRunListResponse.task_runs"},
    ),
    "spaces": (lambda ax, _: (len(ax.spaces.list().items), ax.spaces.get(DEMO)), {"SpaceListResponse.spaces"}),
    "projects": (
        lambda ax, _: (len(ax.projects.list().items), ax.projects.get(CHAT_PROD)),
        {"ProjectListResponse.projects"},
    ),
    "datasets": (
        lambda ax, _: (len(ax.datasets.list().items), ax.datasets.get(GOLDEN_SET)),
        {"DatasetListResponse.datasets"},
    ),
    "experiments": (
        lambda ax, _: (len(ax.experiments.list(dataset=GOLDEN_SET).items), ax.experiments.get(BASELINE)),
        {"ExperimentListResponse.experiments"},
    ),
    "evaluators": (
        lambda ax, _: (len(ax.evaluators.list().items), ax.evaluators.get(HALLUCINATION)),
        {"EvaluatorListResponse.evaluators"},
    ),
}

CHANGING = [name for name in FLOWS if name.split("-")[0] in {"wait", "create", "update", "delete", "cancel", "trigger"}]


def answers_of(scene: Scene, *troubles: tuple[Trouble, bool]) -> Answer:
    """Return the function that gives a scene's responses, with failures of the first writes."""
    answer_of = scene.transport(*troubles)._answer
    assert not isinstance(answer_of, Stage)
    return answer_of


def play(scene: Scene, flow: Flow, transport: Any) -> Any:
    return scene.play(replace(CALLS["create-evaluation"], make=flow), transport)


@cache
def places_of(name: str) -> list[Place]:
    """Return the fields of the responses in a flow."""
    scene, found = Scene(Blocking), set[Place]()
    result = play(scene, FLOWS[name][0], noting(answers_of(scene), found))
    assert not isinstance(result, AxError), result
    return sorted(found)


@pytest.mark.parametrize("name", FLOWS)
def test_only_calls_that_need_a_missing_field_fail_and_name_it(name: str) -> None:
    flow, needed = FLOWS[name]
    named = set()
    # What reads alone can share a scene.
    scene = Scene(Blocking)
    for place in places_of(name):
        if name in CHANGING:
            scene = Scene(Blocking)

        result = play(scene, flow, without(place, answers_of(scene)))

        if isinstance(result, AxError):
            named.add(str(place))
            if str(place) == "TaskRun.status":
                # It never ends a wait, which so ends with its time.
                assert isinstance(result, RunTimeoutError)
                continue
            assert isinstance(result, MissingFieldError), (place, result)
            assert (result.model_name, result.field) == place
            assert result.operation_id is not None
            assert result.operation_id in str(result)
            assert result.request_id is not None
            assert result.request_id in str(result)
    assert named == needed


# Writes whose first answer is lost, and if they were carried out; what is repeated with no other effect, only so.
LOST = [
    *((name, True) for name in CALLS if name != "create-experiments"),
    *((name, False) for name in ("create-evaluation", "trigger-evaluation", "trigger-experiment")),
]


def lost(scene: Scene, *, acted: bool) -> Answer:
    """Return the mock behind a connection that is lost after the first write."""
    return answers_of(scene, (FAILURES["reset"].given, acted))


@cache
def places_of_lost(name: str) -> list[Place]:
    """Return the response fields of a write with a lost response, and of the reads after it."""
    found = set[Place]()
    for acted in (True, False):
        scene = Scene(Blocking)
        scene.play(CALLS[name], noting(lost(scene, acted=acted), found))
    return sorted(found)


@pytest.mark.parametrize(
    ("name", "acted"), LOST, ids=[f"{name}-{'acted' if acted else 'lost'}" for name, acted in LOST]
)
def test_no_lost_write_is_done_twice_or_told_as_done_when_it_was_not(name: str, acted: bool) -> None:
    """Another client made the same write shortly before, which must not be claimed."""
    call = CALLS[name]
    for place in places_of_lost(name):
        scene = Scene(Blocking)

        result = scene.play(call, without(place, lost(scene, acted=acted)))

        effects = scene.effects(call)
        assert effects <= 1, place
        if acted:
            # An error says that it may have happened, and none that it was refused.
            assert effects == 1, place
            assert not isinstance(result, AxError) or isinstance(result, AmbiguousOutcomeError), (place, result)
        elif not isinstance(result, AxError):
            assert effects == 1, place


THEIRS: dict[str, tuple[str, Flow]] = {
    "create-evaluation": ("create-evaluation", CALLS["create-evaluation"].make),
    "trigger-experiment": (
        "trigger-experiment",
        lambda ax, scene: ax.tasks.trigger_run(scene.experiments, experiment_name="first"),
    ),
    "trigger-experiment-seen": (
        "trigger-experiment",
        lambda ax, _: ax.tasks.trigger_run("Answers", space=DEMO, experiment_name="first"),
    ),
}


@pytest.mark.parametrize("name", THEIRS)
def test_a_write_of_another_client_of_the_same_name_is_never_claimed(name: str) -> None:
    like, make = THEIRS[name]
    for place in places_of_lost(like):
        scene = Scene(Blocking)
        if like == "create-evaluation":
            with client_over(scene.door) as ax:
                make(ax, scene)
            scene.pass_time(3)

        result = scene.play(replace(CALLS[like], make=make), without(place, lost(scene, acted=False)))

        assert isinstance(result, AxError), place


class TestAlone:
    def test_a_page_without_pagination_is_the_last_one(self) -> None:
        transport = one_after_another(answer({"tasks": [TASK]}))

        with client_over(transport) as ax:
            first = ax.tasks.list()

        assert [task.id for task in first] == [CHAT_QUALITY]
        assert first.next_cursor is None
        assert "the last one" in repr(first)
        with pytest.raises(MissingFieldError, match=r"TaskListResponse\.pagination .* list_tasks"):
            first.pagination  # noqa: B018

    def test_strict_tells_it_at_once(self) -> None:
        status = {key: value for key, value in RUN.items() if key not in {"status", "run_started_at"}}

        with (
            client_over(one_after_another(answer(status)), strict=True) as ax,
            pytest.raises(ContractViolationError) as e,
        ):
            ax.tasks.get_run(CHAT_QUALITY_RUN)

        assert isinstance(e.value, ContractViolationError)
        assert [str(each) for each in e.value.deviations] == [
            "status: is required but missing",
            "run_started_at: is required but missing",
        ]

    def test_a_frame_and_a_page_have_what_came(self) -> None:
        lacking = {key: value for key, value in TASK.items() if key not in {"is_continuous", "created_at", "type"}}

        with client_over(one_after_another(page("tasks", lacking, TASK))) as ax:
            found = ax.tasks.list()
        frame = found.to_df()

        assert found.to_dict()["tasks"] == [lacking, TASK]
        assert list(frame["is_continuous"].isna()) == [True, False]
        assert list(frame["created_at"].isna()) == [True, False]
        assert str(frame["created_at"].dtype).startswith("datetime64")

    @pytest.mark.parametrize("key", ["title", "status"])
    def test_a_problem_that_lacks_a_field_is_one(self, key: str) -> None:
        problem = {"title": "Not there", "status": 404, "detail": "no such run"}
        del problem[key]

        with (
            client_over(one_after_another(answer(problem, 404))) as ax,
            pytest.raises(APIError, match="no such run") as e,
        ):
            ax.tasks.get_run(CHAT_QUALITY_RUN)

        assert e.value.problem is not None
        assert e.value.problem.to_dict() == problem

    def test_the_error_is_of_ours_and_of_python(self) -> None:
        run = models.TaskRun.from_dict({"id": "r"})

        with pytest.raises(MissingFieldError) as caught:
            run.status  # noqa: B018
        assert isinstance(caught.value, AttributeError)
        assert isinstance(caught.value, AxError)
        assert getattr(run, "status", None) is None

    def test_a_run_without_a_status_or_a_counter_is_never_empty(self) -> None:
        ended = {**RUN, "status": "completed", "num_skipped": 3}

        assert models.TaskRun.from_dict(ended).is_empty
        for name in ("status", "num_successes", "num_errors", "num_skipped"):
            assert not models.TaskRun.from_dict({key: value for key, value in ended.items() if key != name}).is_empty

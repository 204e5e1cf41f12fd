"""The kinds of write: each with its call and its effects in the world."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from axtasks.mock import default_world as known

from tests.model.chaos.writes import CONFIGURATION

if TYPE_CHECKING:
    from collections.abc import Callable

    from axtasks.mock import Mock

JUDGE = {
    "experiment_type": "template_evaluation",
    "ai_integration_id": known.OPENAI_MAIN,
    "template": "Is {output} true?",
    "provide_explanation": False,
}
WINDOW = {"data_start_time": datetime(2026, 3, 1, tzinfo=UTC), "data_end_time": datetime(2026, 3, 2, tzinfo=UTC)}
GONE = "gone"


@dataclass(frozen=True)
class WriteCase:
    """A kind of write.

    Attributes:
        operation: the operation's id.
        method: the HTTP method, which no other request of the call has.
        call: makes the call.
        effects: returns the ids of what the call created or changed, one for each time it was carried out.
        prepare: creates what the call needs, whose id `call` and `effects` get.
    """

    operation: str
    method: str
    call: Callable[[Any, str], Any]
    effects: Callable[[Mock, str], list[str]]
    prepare: Callable[[Any], Any] | None = None

    def is_reported(self, value: Any, effects: list[str]) -> bool:
        """Return True if the call returned one of its effects."""
        return (GONE if value is None else value.id) in effects


def _tasks_named_lost(mock: Mock, _: str) -> list[str]:
    return [task.id for task in mock.world.tasks.all() if task.name == "Lost"]


def _new_runs(task_id: str) -> Callable[[Mock, str], list[str]]:
    """Return a function that finds the pending runs of a task; its initial runs have ended."""
    return lambda mock, _: [
        run.id for run in mock.world.task_runs.all() if run.task_id == task_id and run.status == "pending"
    ]


def _created(call: Callable[[Any], Any]) -> WriteCase:
    return WriteCase("create_task", "POST", lambda client, _: call(client), _tasks_named_lost)


def _triggered(task_id: str, **fields: Any) -> WriteCase:
    return WriteCase(
        "trigger_task_run",
        "POST",
        lambda client, _: client.tasks.trigger_run(task_id, **fields),
        _new_runs(task_id),
    )


CASES = {
    "create over a project": _created(
        lambda client: client.tasks.create_evaluation_task(
            "Lost", task_type="template_evaluation", evaluators=[known.RELEVANCE], project=known.CHAT_PROD
        )
    ),
    "create over a dataset": _created(
        lambda client: client.tasks.create_evaluation_task(
            "Lost",
            task_type="code_evaluation",
            evaluators=[known.JSON_SHAPE],
            dataset=known.GOLDEN_SET,
            experiment_ids=[known.BASELINE],
        )
    ),
    "create a generation": _created(
        lambda client: client.tasks.create_run_experiment_task(
            "Lost", dataset=known.GOLDEN_SET, run_configuration=CONFIGURATION
        )
    ),
    "create a judgement": _created(
        lambda client: client.tasks.create_run_experiment_task(
            "Lost", dataset=known.GOLDEN_SET, run_configuration=JUDGE
        )
    ),
    "update": WriteCase(
        "update_task",
        "PATCH",
        lambda client, _: client.tasks.update(known.SUPPORT_CHECKS, sampling_rate=0.25, query_filter="a = 1"),
        lambda mock, _: [task.id for task in mock.world.tasks.all() if task.query_filter == "a = 1"],
    ),
    "delete": WriteCase(
        "delete_task",
        "DELETE",
        lambda client, _: client.tasks.delete(known.GOLDEN_REVIEW),
        lambda mock, _: [] if mock.world.tasks.get(known.GOLDEN_REVIEW) else [GONE],
    ),
    "trigger over a window": _triggered(known.CHAT_QUALITY, **WINDOW),
    "trigger over a dataset": _triggered(known.GOLDEN_REVIEW),
    "trigger an experiment": _triggered(known.NIGHTLY_SUMMARIES, experiment_name="lost"),
    "cancel": WriteCase(
        "cancel_task_run",
        "POST",
        lambda client, run_id: client.tasks.cancel_run(run_id),
        lambda mock, run_id: [
            run.id for run in mock.world.task_runs.all() if run.id == run_id and run.status == "cancelled"
        ],
        prepare=lambda client: client.tasks.trigger_run(known.SUPPORT_CHECKS, **WINDOW),
    ),
}

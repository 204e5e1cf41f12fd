"""Each write whose answer is lost on the way back: the client returns the one thing that came of it, written once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from axtasks import RetryPolicy, Timeouts
from axtasks.mock import Mock, MockServer
from axtasks.mock import default_world as known

from tests.chaos.faces import FACES, Face

if TYPE_CHECKING:
    from collections.abc import Callable

CONFIGURATION = {
    "experiment_type": "llm_generation",
    "ai_integration_id": known.OPENAI_MAIN,
    "messages": [{"role": "user", "content": "{{input}}"}],
    "input_variable_format": "mustache",
}
WINDOW = {"data_start_time": datetime(2026, 3, 1, tzinfo=UTC), "data_end_time": datetime(2026, 3, 2, tzinfo=UTC)}
LOSSES = (
    "accept-then-drop",
    "truncate",
    "empty",
    "garbage",
    "delay:2s",
)
"""What keeps the answer to a write that was carried out from the client."""


@dataclass(frozen=True)
class Write:
    """One write, and what there is in the world when it was carried out once.

    Attributes:
        operation: the operation that is struck.
        call: makes it.
        effects: what came of it, read past the faults: the ids of what it made or changed.
        prepare: makes what has to be there before, whose id the others are told.
    """

    operation: str
    call: Callable[[Any, str], Any]
    effects: Callable[[Mock, str], list[str]]
    prepare: Callable[[Any], Any] | None = None


def tasks_named(name: str) -> Callable[[Mock, str], list[str]]:
    return lambda mock, _: [task.id for task in mock.world.tasks.all() if task.name == name]


def new_runs(task_id: str) -> Callable[[Mock, str], list[str]]:
    """The runs of a task that are still pending, as those it has from the start are not."""
    return lambda mock, _: [
        run.id for run in mock.world.task_runs.all() if run.task_id == task_id and run.status == "pending"
    ]


def cancelled(mock: Mock, run_id: str) -> list[str]:
    return [run.id for run in mock.world.task_runs.all() if run.id == run_id and run.status == "cancelled"]


WRITES = {
    "create a task over a project": Write(
        "create_task",
        lambda client, _: client.tasks.create_evaluation_task(
            "Lost", task_type="template_evaluation", evaluators=["Relevance Eval"], project="chat-prod"
        ),
        tasks_named("Lost"),
    ),
    "create a task over a dataset": Write(
        "create_task",
        lambda client, _: client.tasks.create_evaluation_task(
            "Lost",
            task_type="code_evaluation",
            evaluators=["JSON Shape"],
            dataset="golden-set",
            experiment_ids=[known.BASELINE],
        ),
        tasks_named("Lost"),
    ),
    "create a run_experiment task": Write(
        "create_task",
        lambda client, _: client.tasks.create_run_experiment_task(
            "Lost", dataset="golden-set", run_configuration=CONFIGURATION
        ),
        tasks_named("Lost"),
    ),
    "update": Write(
        "update_task",
        lambda client, _: client.tasks.update("Support Answer Checks", sampling_rate=0.25, query_filter="a = 1"),
        lambda mock, _: [task.id for task in mock.world.tasks.all() if task.query_filter == "a = 1"],
    ),
    "delete": Write(
        "delete_task",
        lambda client, _: client.tasks.delete("Golden Set Review"),
        lambda mock, _: [] if mock.world.tasks.get(known.GOLDEN_REVIEW) else ["gone"],
    ),
    "trigger over a window": Write(
        "trigger_task_run",
        lambda client, _: client.tasks.trigger_run("Chat Quality Monitor", **WINDOW),
        new_runs(known.CHAT_QUALITY),
    ),
    "trigger since the last run": Write(
        "trigger_task_run",
        lambda client, _: client.tasks.trigger_run("Golden Set Review"),
        new_runs(known.GOLDEN_REVIEW),
    ),
    "trigger an experiment": Write(
        "trigger_task_run",
        lambda client, _: client.tasks.trigger_run("Nightly Summaries", experiment_name="lost"),
        new_runs(known.NIGHTLY_SUMMARIES),
    ),
    "cancel": Write(
        "cancel_task_run",
        lambda client, run_id: client.tasks.cancel_run(run_id),
        cancelled,
        prepare=lambda client: client.tasks.trigger_run(known.SUPPORT_CHECKS, **WINDOW),
    ),
}


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("face", FACES.values(), ids=FACES)
@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_lost_answer(write: Write, face: type[Face], loss: str, contract: str) -> None:
    """The call returns what came of its one write, as if the answer had come."""
    mock = Mock(run_seconds=1000, contract=contract)
    with (
        MockServer(mock) as server,
        face(
            api_key="any",
            contract=contract,
            space="demo",
            base_url=server.url,
            timeout=Timeouts(read=0.5),
            retry=RetryPolicy(first_pause=0.01, longest_pause=0.05),
        ) as client,
    ):
        prepared = "" if write.prepare is None else client.ask(write.prepare).id
        mock.journal.clear()
        mock.faults.add(f"times=1, operation={write.operation}, fault={loss}")

        result = client.ask(lambda it: write.call(it, prepared))

    effects = write.effects(mock, prepared)
    assert len(effects) == 1
    assert result is None if effects == ["gone"] else result.id == effects[0]
    done = [exchange for exchange in mock.journal.exchanges(write.operation) if exchange.status in range(200, 300)]
    assert [loss in (exchange.fault or "") for exchange in done] == [True]

"""Calls that write, and how to find their effects."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from axtasks.mock import default_world as known

from tests.model.chaos.exchanges import is_carried_out
from tests.model.chaos.ledger import EXPERIMENT, OVER_DATASET, OVER_PROJECT

if TYPE_CHECKING:
    from tests.model.chaos.inspector import MockInspector
    from tests.model.chaos.ledger import Json, Ledger

FIRST_WINDOW = datetime(2026, 1, 1, tzinfo=UTC)
# The seconds after a trigger in which a run without an experiment may be mistaken for another user's.
NAMELESS_SECONDS = 3.0
CONFIGURATION = {
    "experiment_type": "llm_generation",
    "ai_integration_id": known.OPENAI_MAIN,
    "messages": [{"role": "user", "content": "{{input}}"}],
    "input_variable_format": "mustache",
}


class Write(ABC):
    """A call that writes. Its effects are ids: one for each time it was carried out."""

    operation: str

    @abstractmethod
    def call(self, client: Any) -> Any:
        """Make the call."""

    @abstractmethod
    def effects(self, inspector: MockInspector, exchanges: list[Json]) -> list[str]:
        """Return the effects of the call.

        Args:
            inspector: reads the state of the mock.
            exchanges: the exchanges of the call that wrote.
        """

    @abstractmethod
    def note(self, ledger: Ledger, effect: str) -> None:
        """Enter an effect in the ledger."""

    def interfere(self, inspector: MockInspector, ledger: Ledger, now: float) -> None:
        """Write something similar as another user just before the call, where that is possible.

        Args:
            inspector: reads the state of the mock.
            ledger: the expected state.
            now: the time in seconds.
        """
        del inspector, ledger, now

    def is_as_reported(self, inspector: MockInspector) -> bool:
        """Return True if the state is as the call reports, even if none of its own requests caused it."""
        del inspector
        return False

    def may_be_mistaken(self, ledger: Ledger, began: float) -> bool:
        """Return True if the call cannot yet be told from a recent write of another user.

        Args:
            ledger: the expected state.
            began: the start of the call, in seconds.
        """
        del ledger, began
        return False

    @property
    def is_shown(self) -> bool:
        """True if reading shows at once that the call was carried out."""
        return True

    def effect_of(self, value: Any) -> str:
        """Return the effect that the call reported."""
        return str(value.id)


@dataclass
class Create(Write):
    """Creates a task."""

    name: str
    kind: str
    number: int
    is_name_taken: bool = False
    operation = "create_task"

    def call(self, client: Any) -> Any:
        if self.kind == EXPERIMENT:
            return client.tasks.create_run_experiment_task(
                self.name, dataset="golden-set", run_configuration=CONFIGURATION
            )
        if self.kind == OVER_DATASET:
            return client.tasks.create_evaluation_task(
                self.name,
                task_type="code_evaluation",
                evaluators=["JSON Shape"],
                dataset="golden-set",
                experiment_ids=[known.BASELINE, known.CANDIDATE],
            )
        return client.tasks.create_evaluation_task(
            self.name,
            task_type="template_evaluation",
            evaluators=["Relevance Eval"],
            project="chat-prod",
            **self.fields,
        )

    @property
    def fields(self) -> Json:
        if self.kind != OVER_PROJECT:
            return {}
        return {"sampling_rate": 0.5, "query_filter": f"chaos = {self.number}"}

    def effects(self, inspector: MockInspector, exchanges: list[Json]) -> list[str]:
        del exchanges
        return [] if self.is_name_taken else [task["id"] for task in inspector.tasks_named(self.name)]

    def note(self, ledger: Ledger, effect: str) -> None:
        ledger.add_task(effect, self.kind, name=self.name, **self.fields)

    def interfere(self, inspector: MockInspector, ledger: Ledger, now: float) -> None:
        """Create a task with the same name."""
        del now
        self.is_name_taken = True
        evaluators = [{"evaluator_id": known.HALLUCINATION}]
        body = {"type": "template_evaluation", "project_id": known.SUPPORT_BOT, "evaluators": evaluators}
        ledger.foreign_names.add(inspector.create({"name": self.name, **body})["name"])


@dataclass
class Update(Write):
    """Updates some fields of a task."""

    task_id: str
    fields: Json
    operation = "update_task"

    def call(self, client: Any) -> Any:
        return client.tasks.update(self.task_id, **self.fields)

    def effects(self, inspector: MockInspector, exchanges: list[Json]) -> list[str]:
        return [self.task_id] * sum(map(is_carried_out, exchanges)) if self.is_as_reported(inspector) else []

    def is_as_reported(self, inspector: MockInspector) -> bool:
        task = inspector.task(self.task_id)
        return task is not None and self.fields.items() <= task.items()

    def note(self, ledger: Ledger, effect: str) -> None:
        ledger.tasks[effect].fields.update(self.fields)


@dataclass
class Delete(Write):
    """Deletes a task."""

    task_id: str
    reference: str
    operation = "delete_task"

    def call(self, client: Any) -> Any:
        return client.tasks.delete(self.reference)

    def effects(self, inspector: MockInspector, exchanges: list[Json]) -> list[str]:
        del exchanges
        return [] if inspector.task(self.task_id) else [self.task_id]

    def note(self, ledger: Ledger, effect: str) -> None:
        ledger.drop_task(effect)

    def effect_of(self, value: Any) -> str:
        """Return the task's id, which the response does not have."""
        return self.task_id if value is None else repr(value)


@dataclass
class Trigger(Write):
    """Triggers a run."""

    task_id: str
    fields: Json
    operation = "trigger_task_run"

    def call(self, client: Any) -> Any:
        return client.tasks.trigger_run(self.task_id, **self.fields)

    def effects(self, inspector: MockInspector, exchanges: list[Json]) -> list[str]:
        moments = {exchange["at"] for exchange in exchanges if is_carried_out(exchange)}
        return [run["id"] for run in inspector.runs_of(self.task_id) if run["created_at"] in moments]

    def note(self, ledger: Ledger, effect: str) -> None:
        ledger.runs[effect] = self.task_id

    def interfere(self, inspector: MockInspector, ledger: Ledger, now: float) -> None:
        """Trigger the same task, over another window or with another experiment name."""
        if "data_start_time" in self.fields:
            start = self.fields["data_start_time"] - timedelta(days=300)
            end = start + timedelta(hours=5)
            body = {"data_start_time": start.isoformat(), "data_end_time": end.isoformat()}
        elif "experiment_name" in self.fields:
            body = {"experiment_name": f"not {self.fields['experiment_name']}"}
        else:
            return
        ledger.runs[inspector.trigger(self.task_id, body)["id"]] = self.task_id
        ledger.interfered[self.task_id] = now

    @property
    def is_shown(self) -> bool:
        """False for an experiment: its run shows the name only after it has started."""
        return "experiment_name" not in self.fields

    def may_be_mistaken(self, ledger: Ledger, began: float) -> bool:
        """Return True shortly after another trigger of an experiment: the runs show their names later."""
        lately = ledger.interfered.get(self.task_id, -math.inf)
        return "experiment_name" in self.fields and began - lately < NAMELESS_SECONDS


@dataclass
class Ensure(Trigger):
    """Ensures a run."""

    is_again: bool = False
    reported_run: str = ""

    def interfere(self, inspector: MockInspector, ledger: Ledger, now: float) -> None:
        """Trigger the same task the first time; later the other user's experiment name is taken."""
        if not self.is_again:
            super().interfere(inspector, ledger, now)

    def call(self, client: Any) -> Any:
        return client.tasks.ensure_run(self.task_id, **self.fields)

    def effects(self, inspector: MockInspector, exchanges: list[Json]) -> list[str]:
        """Return the new runs of the call, and earlier runs that made a new one unnecessary."""
        new = super().effects(inspector, exchanges)
        runs = inspector.runs_of(self.task_id, most=100) if new else []
        return new + [run["id"] for run in runs if run["id"] not in new and self._stands(run)]

    def _stands(self, run: Json) -> bool:
        """Return True if a run with this key is active, or has done the requested work."""
        counted = run["num_successes"] + run["num_errors"] + run["num_skipped"] > 0
        is_good = run["status"] in {"pending", "running"} or (run["status"] == "completed" and counted)
        return is_good and "data_start_time" in self.fields and self._has_window(run)

    def _has_window(self, run: Json) -> bool:
        ends = ("data_start_time", "data_end_time")
        return all(run[end] is not None and datetime.fromisoformat(run[end]) == self.fields[end] for end in ends)

    def effect_of(self, value: Any) -> str:
        self.reported_run = value.run.id
        return self.reported_run

    def is_as_reported(self, inspector: MockInspector) -> bool:
        """Return True if the call returned the run of an earlier call."""
        run = inspector.run(self.reported_run)
        if run is None or run["task_id"] != self.task_id:
            return False
        if "data_start_time" in self.fields:
            return self._has_window(run)
        experiment = inspector.get(f"/v2/experiments/{quote(run['experiment_id'] or '', safe='')}") or {}
        return bool(experiment.get("name") == self.fields["experiment_name"])


@dataclass
class Cancel(Write):
    """Cancels a run."""

    run_id: str
    operation = "cancel_task_run"

    def call(self, client: Any) -> Any:
        return client.tasks.cancel_run(self.run_id)

    def effects(self, inspector: MockInspector, exchanges: list[Json]) -> list[str]:
        # A second cancellation would be refused; under a fault the status may differ.
        return [self.run_id] if self.is_as_reported(inspector) and any(map(is_carried_out, exchanges)) else []

    def is_as_reported(self, inspector: MockInspector) -> bool:
        run = inspector.run(self.run_id)
        return run is not None and run["status"] == "cancelled"

    def note(self, ledger: Ledger, effect: str) -> None:
        """Enter nothing: the status of runs is not compared."""

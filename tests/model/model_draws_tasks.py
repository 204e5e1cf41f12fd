"""The strategy for calls about tasks: boundary values, and sometimes invalid ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axtasks_api import models
from axtasks_api.types import UNSET

from tests.model.contract import is_beta
from tests.model.model_calls import Call
from tests.model.model_draws_values import TASK_NAMES, ValueDraws
from tests.model.model_state import EVALUATIONS, RUN_EXPERIMENT, Task
from tests.model.model_world import (
    AGENT,
    ALPHA,
    ALPHA_2,
    CODE,
    DATASETS,
    ENTITY,
    EVALUATORS,
    GOLDEN,
    INTEGRATION,
    PROJECTS,
    TEMPLATE,
    UNUSED_IDS,
    USELESS_INTEGRATION,
    Json,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


CONFIGURATIONS: list[Json] = [
    {
        "experiment_type": "llm_generation",
        "ai_integration_id": INTEGRATION,
        "messages": [{"role": "user", "content": "{input}"}],
    },
    {
        "experiment_type": "llm_generation",
        "ai_integration_id": INTEGRATION,
        "model_name": "m",
        "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "{{input}}"}],
        "input_variable_format": "mustache",
        "prompt_version_id": None,
    },
    {
        "experiment_type": "template_evaluation",
        "ai_integration_id": INTEGRATION,
        "template": "Is {output} true?",
        "provide_explanation": False,
        "classification_choices": {"yes": 1, "no": 0},
    },
    {
        "experiment_type": "llm_generation",
        "ai_integration_id": USELESS_INTEGRATION,
        "messages": [{"role": "user", "content": "{{x}}"}],
    },
]
BROKEN_CONFIGURATIONS: list[Any] = [
    {},
    None,
    {"experiment_type": "other", "ai_integration_id": INTEGRATION},
    {"experiment_type": "llm_generation", "ai_integration_id": INTEGRATION},
    {**CONFIGURATIONS[0], "colour": "red"},
    {**CONFIGURATIONS[0], "ai_integration_id": UNUSED_IDS["AI integration"]},
    {**CONFIGURATIONS[0], "ai_integration_id": "broken"},
    {**CONFIGURATIONS[0], "ai_integration_id": GOLDEN.id},
]
AGENT_CALLS: list[Json] = [
    {"experiment_type": "agent_call", "integration_id": AGENT, "input_template": {"q": "{{input}}", "role": "user"}},
    {"experiment_type": "agent_call", "integration_id": AGENT, "input_template": {}},
]
BROKEN_AGENT_CALLS: list[Json] = [
    {**AGENT_CALLS[0], "integration_id": INTEGRATION},
    {**AGENT_CALLS[0], "integration_id": UNUSED_IDS["AI integration"]},
    {**CONFIGURATIONS[0], "ai_integration_id": AGENT},
    {"experiment_type": "agent_call", "integration_id": AGENT},
]


def valid_configurations() -> list[Json]:
    """Return the valid run configurations of the contract."""
    return [*CONFIGURATIONS, *AGENT_CALLS] if is_beta() else CONFIGURATIONS


def invalid_configurations() -> list[Any]:
    """Return the invalid run configurations of the contract."""
    return [*BROKEN_CONFIGURATIONS, *BROKEN_AGENT_CALLS] if is_beta() else BROKEN_CONFIGURATIONS


class TaskCalls(ValueDraws):
    """Draws calls that create, read, change and delete tasks."""

    def create_evaluation(self) -> Call:
        kind = self.pick(EVALUATIONS)
        wanted = TEMPLATE if kind == models.TaskType.TEMPLATE_EVALUATION else CODE
        named: Json = {"task_type": self.pick([kind, str(kind), str(kind).upper()])}
        space_id = self.pick([ALPHA.id, ALPHA.id, ALPHA_2.id])
        fitting = [it for it in EVALUATORS if it.type == wanted and (it.space_id == space_id or wanted == CODE)]
        by_name = self.one_in(2)
        is_far = any(it.space_id != space_id for it in fitting)
        named["evaluators"] = [self._evaluator(it, by_name=by_name and not is_far) for it in self.some(fitting)]
        if self.one_in(2):
            source: Any = self.pick([it for it in PROJECTS if it.space_id == space_id])
            named["project"] = source.name if by_name else source.id
            if self.one_in(2):
                named["sampling_rate"] = self.pick([0.5, 0, 1, 1.0])
            if self.one_in(3):
                named["is_continuous"] = self.pick([True, False])
            if self.one_in(4):
                named["experiment_ids"] = []
        else:
            source = self.pick([it for it in DATASETS if it.space_id == space_id])
            named["dataset"] = source.name if by_name else source.id
            named["experiment_ids"] = self.experiments(source.id)
            if self.one_in(4):
                named["is_continuous"] = False
        if self.one_in(3):
            named["query_filter"] = self.pick(["x = 1", ""])
        if by_name:
            named.update(self.space_of(space_id))
        self._add_flaw(named, self._flaws_of_creation, 4)
        return Call("tasks.create_evaluation_task", (self._new_name(),), named)

    def _evaluator(self, it: Any, *, by_name: bool) -> Any:
        reference = it.name if by_name else it.id
        if not self.one_in(3):
            return reference
        extra: Json = {"query_filter": "y = 2"} if self.one_in(2) else {"query_filter": None}
        if is_beta() and self.one_in(2):
            extra["evaluator_version_id"] = self.pick([it.version_id, it.version_id, None, EVALUATORS[0].version_id])
        return {"evaluator_id": reference, **extra, **({"column_mappings": {"input": "i"}} if self.one_in(2) else {})}

    def _new_name(self) -> Any:
        return (
            self.pick(["", 5, None]) if self.one_in(30) else self.pick(TASK_NAMES[:8] if self.one_in(2) else TASK_NAMES)
        )

    def _add_flaw(self, named: Json, flaws: Any, one_in: int) -> None:
        """Put an invalid argument into a call sometimes."""
        if self.oddly(one_in):
            name, values = self.pick(flaws())
            named[name] = self.pick(values)

    def _flaws_of_creation(self) -> list[tuple[str, Sequence[Any]]]:
        evaluator = EVALUATORS[0]
        return [
            ("sampling_rate", [1.001, -0.001, True, "1", 0.5]),
            ("is_continuous", [True, 1, "no"]),
            ("query_filter", [5, True]),
            ("evaluators", [[], None, "Judge", [evaluator.id, evaluator.id], ["Judge", evaluator.id], ["nobody"],
                            [UNUSED_IDS["evaluator"]], [GOLDEN.id], [ENTITY], ["Judge", "Shape"], ["Shape"],
                            [{"query_filter": "x"}], [""], [EVALUATORS[2].id], ["JUDGE"]]),
            ("project", ["pair", "CHAT", "nothing", UNUSED_IDS["project"], GOLDEN.id, ENTITY, "", PROJECTS[0].id]),
            ("dataset", ["Golden", UNUSED_IDS["dataset"], PROJECTS[0].id, GOLDEN.id, "golden-2", ENTITY]),
            ("experiment_ids", [["base"], [UNUSED_IDS["experiment"]], [GOLDEN.id], [""], [ENTITY],
                                [it.id for it in self.model.experiments[2:5]], []]),
            ("task_type", [RUN_EXPERIMENT, "other", None]),
            ("space", ["nothing", "twin", "ALPHA", GOLDEN.id, UNUSED_IDS["space"], "alpha-2"]),
        ]  # fmt: skip

    def create_experiment(self) -> Call:
        dataset = self.pick([GOLDEN, GOLDEN, *DATASETS])
        reference, space = self.thing(dataset)
        if self.oddly(10):
            reference = self.pick(["Golden", UNUSED_IDS["dataset"], PROJECTS[0].id, "", ENTITY])
        configurations: list[Any] = valid_configurations() if not self.oddly(8) else invalid_configurations()
        named = {"dataset": reference, "run_configuration": self.pick(configurations), **space}
        return Call("tasks.create_run_experiment_task", (self._new_name(),), named)

    def get(self) -> Call:
        reference, space = self.task()
        return Call("tasks.get", (reference,), space)

    def delete(self) -> Call:
        reference, space = self.task()
        return Call("tasks.delete", (reference,), space)

    def update(self) -> Call:
        reference, space = self.task()
        known = [it for it in self.model.tasks.values() if reference in {it.id, it.name}]
        task = known[0] if known else None
        named = {**space}
        valid = self._changes(task) if task is not None and not self.one_in(5) else self._flaws_of_updates()
        for name, values in self.some(valid):
            named[name] = self.pick(values)
        if self.one_in(20):
            named = {**space}
        return Call("tasks.update", (reference,), named)

    def _changes(self, task: Task) -> list[tuple[str, Sequence[Any]]]:
        found: list[tuple[str, Sequence[Any]]] = [("name", [*TASK_NAMES[:6], task.name])]
        if task.type == RUN_EXPERIMENT:
            return [*found, ("run_configuration", valid_configurations())]
        wanted = TEMPLATE if task.type == models.TaskType.TEMPLATE_EVALUATION else CODE
        ids = [it.id for it in EVALUATORS if it.type == wanted]
        found += [
            ("query_filter", [None, "z", ""]),
            ("evaluators", [ids[:1], ids[1:2], ids[:2], [{"evaluator_id": ids[1], "query_filter": "q"}]]),
        ]
        if task.is_over_project:
            return [*found, ("sampling_rate", [0.25, 0, 1]), ("is_continuous", [True, False])]
        return [*found, ("is_continuous", [False])]

    def _flaws_of_updates(self) -> list[tuple[str, Sequence[Any]]]:
        return [
            ("name", ["", None, 5, *TASK_NAMES[:4]]),
            ("sampling_rate", [0.5, 1.001, -1, None, True, "1"]),
            ("is_continuous", [False, True, None, 1, "no"]),
            ("query_filter", [None, 5, "q", UNSET]),
            ("evaluators", [[], None, "Judge", [EVALUATORS[0].id] * 2, [UNUSED_IDS["evaluator"]], [EVALUATORS[2].id],
                            ["Judge"], ["nobody"], [GOLDEN.id]]),
            ("run_configuration", [*CONFIGURATIONS[:1], *invalid_configurations()]),
        ]  # fmt: skip

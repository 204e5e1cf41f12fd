"""Which calls are made: from few names and ids, at the edges of what is allowed, and now and then beyond them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, TypeVar

from axtasks_api_beta import models
from axtasks_api_beta.types import UNSET
from hypothesis import strategies as st

from tests.property.model_calls import ALL, FIRST, PAGES, Call
from tests.property.model_state import EVALUATIONS, RUN_EXPERIMENT, Model, Task
from tests.property.model_world import (
    ALPHA,
    ALPHA_2,
    CODE,
    DATASETS,
    DEFAULT_SPACE,
    ENTITY,
    EVALUATORS,
    GOLDEN,
    INTEGRATION,
    NOBODYS,
    ORGANIZATION,
    OTHER_ORGANIZATION,
    PROJECTS,
    SPACES,
    TEMPLATE,
    TWIN_A,
    USELESS_INTEGRATION,
    Json,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import DataObject

T = TypeVar("T")

TASK_NAMES = [
    "a", "aa", "A", "a ", "b", "ab", "Only", "task_abc123", "Straße", "VGFzazox", "x" * 256, "x" * 255,
]  # fmt: skip
UNKNOWN_NAMES = ["B", "nothing", "Twenty==", "T25l", "aA"]
FILTERS = ["a", "A", "b", "AB", "x" * 255, "x" * 256, "only", "zz", "ß", " "]
WRONG_TYPES: Sequence[Any] = [None, 5, "", True]
TAKEN_NAMES = ["base", "Base", "base-2", "new", "new-2", "NEW", ""]
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
        "messages": [{"role": "user", "content": "x"}],
    },
]
BROKEN_CONFIGURATIONS: list[Any] = [
    {},
    None,
    {"experiment_type": "other", "ai_integration_id": INTEGRATION},
    {"experiment_type": "llm_generation", "ai_integration_id": INTEGRATION},
    {**CONFIGURATIONS[0], "colour": "red"},
    {**CONFIGURATIONS[0], "ai_integration_id": NOBODYS["AI integration"]},
    {**CONFIGURATIONS[0], "ai_integration_id": "broken"},
    {**CONFIGURATIONS[0], "ai_integration_id": GOLDEN.id},
]
EDGE = timedelta(milliseconds=1)
MONTH = timedelta(days=30)


class Dice:
    """Draws what a call needs.

    Args:
        data: where choices come from.
        model: what there is.
        default: the default space of the client.
        is_plain: whether nothing is to be wrong about the call.
    """

    def __init__(self, data: DataObject, model: Model, default: str | None, *, is_plain: bool = False) -> None:
        self.data = data
        self.model = model
        self.default = default
        self.is_plain = is_plain

    def pick(self, options: Sequence[T]) -> T:
        """One of these, the first ones being the simplest."""
        return self.data.draw(st.sampled_from(options))

    def one_in(self, count: int) -> bool:
        """True once in so many times."""
        return self.data.draw(st.integers(0, count - 1)) == count - 1

    def oddly(self, count: int) -> bool:
        """True once in so many times, but never in a plain call."""
        return not self.is_plain and self.one_in(count)

    def some(self, options: Sequence[T], most: int = 2) -> list[T]:
        """A few of these, at least one, and none twice."""
        indices = st.lists(st.integers(0, len(options) - 1), min_size=1, max_size=most, unique=True)
        return [options[index] for index in self.data.draw(indices)]

    def space_of(self, space_id: str) -> Json:
        """How to say in which space a name is to be looked up; now and then another one."""
        space = next(it for it in SPACES if it.id == space_id)
        is_only = sum(it.name == space.name for it in SPACES) == 1
        ways: list[Json] = [{"space": space.id}, {"space": space.name}] if is_only else [{"space": space.id}]
        if self.default is not None and space.name == self.default:
            ways.insert(0, {})
        return self.any_space() if self.oddly(8) else self.pick(ways)

    def any_space(self) -> Json:
        """Some space, or what is none."""
        spaces = [
            "alpha-2",
            DEFAULT_SPACE,
            "Alpha",
            "twin",
            TWIN_A.id,
            "ALPHA",
            "",
            GOLDEN.id,
            NOBODYS["space"],
            ENTITY,
        ]
        return self.pick([{}, *({"space": each} for each in spaces)])

    def thing(self, it: Any) -> tuple[str, Json]:
        """What to call a thing, and the space it takes for that."""
        return (it.id, {}) if self.one_in(2) else (it.name, self.space_of(it.space_id))

    def task(self, kinds: Sequence[models.TaskType] = ()) -> tuple[Any, Json]:
        """What to call a task, and the space it takes for that."""
        if self.model.tasks and not self.one_in(7):
            tasks = [it for it in self.model.tasks.values() if not kinds or it.type in kinds]
            return self.thing(self.pick(tasks or list(self.model.tasks.values())))
        others = [NOBODYS["task"], *self.model.gone[-3:], *UNKNOWN_NAMES, GOLDEN.id, ENTITY, "", *TASK_NAMES]
        return self.pick(others), self.any_space()

    def run(self) -> Any:
        """The id of a run, or what is none."""
        runs = [run for run in self.model.runs() if run.id is not None]
        if runs and not self.one_in(8):
            active = [run for run in runs if not run.has_ended]
            return self.pick(active if active and not self.one_in(2) else runs).id
        return self.pick([NOBODYS["run"], *self.model.gone_runs[-3:], "a-name", GOLDEN.id, ENTITY, "", "."])

    def paging(self) -> tuple[Json, str]:
        """How much of a list, and how it is read."""
        limit = self.pick([1, 2, 3, 100, 50, None, 0, 101, "2"] if self.one_in(10) else [2, 1, 3, 1, 2, 100, None])
        return ({} if limit is None else {"limit": limit}), self.pick([ALL, PAGES, FIRST])

    def part(self) -> Json:
        """A part of names to filter by, if any."""
        return {"name": self.pick(FILTERS)} if self.one_in(3) else {}

    # -- calls, one method each

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
            named["experiment_ids"] = self._experiments(source.id)
            if self.one_in(4):
                named["is_continuous"] = False
        if self.one_in(3):
            named["query_filter"] = self.pick(["x = 1", ""])
        if by_name:
            named.update(self.space_of(space_id))
        self._break(named, self._flaws_of_creation, 4)
        return Call("tasks.create_evaluation_task", (self._new_name(),), named)

    def _evaluator(self, it: Any, *, by_name: bool) -> Any:
        reference = it.name if by_name else it.id
        if not self.one_in(3):
            return reference
        extra: Json = {"query_filter": "y = 2"} if self.one_in(2) else {"query_filter": None}
        return {"evaluator_id": reference, **extra, **({"column_mappings": {"input": "i"}} if self.one_in(2) else {})}

    def _experiments(self, dataset_id: str) -> list[str]:
        known = [it.id for it in self.model.experiments if it.dataset_id == dataset_id and it.id]
        return self.some(known, most=3) if known else [NOBODYS["experiment"]]

    def _new_name(self) -> Any:
        return (
            self.pick(["", 5, None]) if self.one_in(30) else self.pick(TASK_NAMES[:8] if self.one_in(2) else TASK_NAMES)
        )

    def _break(self, named: Json, flaws: Any, one_in: int) -> None:
        """Puts something wrong into a call now and then."""
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
                            [NOBODYS["evaluator"]], [GOLDEN.id], [ENTITY], ["Judge", "Shape"], ["Shape"],
                            [{"query_filter": "x"}], [""], [EVALUATORS[2].id], ["JUDGE"]]),
            ("project", ["pair", "CHAT", "nothing", NOBODYS["project"], GOLDEN.id, ENTITY, "", PROJECTS[0].id]),
            ("dataset", ["Golden", NOBODYS["dataset"], PROJECTS[0].id, GOLDEN.id, "golden-2", ENTITY]),
            ("experiment_ids", [["base"], [NOBODYS["experiment"]], [GOLDEN.id], [""], [ENTITY],
                                [it.id for it in self.model.experiments[2:5]], []]),
            ("task_type", [RUN_EXPERIMENT, "other", None]),
            ("space", ["nothing", "twin", "ALPHA", GOLDEN.id, NOBODYS["space"], "alpha-2"]),
        ]  # fmt: skip

    def create_experiment(self) -> Call:
        dataset = self.pick([GOLDEN, GOLDEN, *DATASETS])
        reference, space = self.thing(dataset)
        if self.oddly(10):
            reference = self.pick(["Golden", NOBODYS["dataset"], PROJECTS[0].id, "", ENTITY])
        configurations: list[Any] = CONFIGURATIONS if not self.oddly(8) else BROKEN_CONFIGURATIONS
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
            return [*found, ("run_configuration", CONFIGURATIONS)]
        wanted = TEMPLATE if task.type == models.TaskType.TEMPLATE_EVALUATION else CODE
        ids = [it.id for it in EVALUATORS if it.type == wanted]
        found += [
            ("query_filter", [None, "z", ""]),
            ("evaluators", [ids[:1], ids[1:2], ids[:2], [{"evaluator_id": ids[1], "query_filter": "q"}]]),
        ]
        if task.is_over_project:
            found += [("sampling_rate", [0.25, 0, 1]), ("is_continuous", [True, False])]
        return found

    def _flaws_of_updates(self) -> list[tuple[str, Sequence[Any]]]:
        return [
            ("name", ["", None, 5, *TASK_NAMES[:4]]),
            ("sampling_rate", [0.5, 1.001, -1, None, True, "1"]),
            ("is_continuous", [False, True, None, 1, "no"]),
            ("query_filter", [None, 5, "q", UNSET]),
            ("evaluators", [[], None, "Judge", [EVALUATORS[0].id] * 2, [NOBODYS["evaluator"]], [EVALUATORS[2].id],
                            ["Judge"], ["nobody"], [GOLDEN.id]]),
            ("run_configuration", [*CONFIGURATIONS[:1], *BROKEN_CONFIGURATIONS]),
        ]  # fmt: skip

    def list_tasks(self) -> Call:
        named, reading = self.paging()
        named.update(self.part())
        if self.one_in(3):
            named["task_type"] = self.pick([*EVALUATIONS, "run_experiment", "RUN_EXPERIMENT", *(["other"] * 1)])
        if self.one_in(3):
            noun, source = self.pick([*(("project", it) for it in PROJECTS[:6]), *(("dataset", it) for it in DATASETS)])
            named[noun], space = self.thing(source)
            named.update(space)
            if self.one_in(5):
                named[noun] = self.pick([NOBODYS[noun], "pair", "nothing", ENTITY, ORGANIZATION])
        elif self.one_in(2):
            named.update(self.any_space())
        return Call("tasks.list", (), named, reading)

    def lookups(self) -> Call:
        noun = self.pick(["space", "project", "dataset", "experiment", "evaluator"])
        named, reading = self.paging()
        if self.one_in(2):
            named["name"] = self.pick(["a", "ALPHA", "chat", "o", "base", "judge", "SHAPE", "zz", "x" * 256, "-2"])
        if noun == "space":
            owners = [ORGANIZATION, OTHER_ORGANIZATION, NOBODYS["organization"], GOLDEN.id, "", "owner"]
            named.update({"organization": self.pick(owners)} if self.one_in(3) else {})
        elif noun == "experiment":
            if self.one_in(2):
                named["dataset"], space = self.thing(self.pick(DATASETS))
                named.update(space)
        elif self.one_in(2):
            named.update(self.any_space())
        return Call(f"{noun}s.list", (), named, reading)

    def get_thing(self) -> Call:
        noun = self.pick(["space", "project", "dataset", "experiment", "evaluator"])
        it = self.pick(self.model.of_kind(noun))
        space: Json = {}
        if noun == "space":
            reference = it.id if self.one_in(2) else it.name
        elif noun == "experiment":
            dataset, space = self.thing(self.model.dataset(it.dataset_id))
            space = {"dataset": dataset, **space} if not self.one_in(6) else {}
            reference = it.name if self.one_in(2) or not it.id else it.id
        else:
            reference, space = self.thing(it)
        if self.one_in(8):
            reference = self.pick([NOBODYS[noun], "nothing", "BASE", ENTITY, ORGANIZATION, ""])
        if noun == "evaluator" and self.one_in(3):
            versions = [EVALUATORS[0].version_id, NOBODYS["evaluator version"], GOLDEN.id, "", "v1"]
            space["version_id"] = self.pick([getattr(it, "version_id", ENTITY), *versions])
        return Call(f"{noun}s.get", (reference,), space)

    def trigger(self) -> Call:
        reference, space = self.task()
        known = [it for it in self.model.tasks.values() if reference in {it.id, it.name}]
        task = known[0] if known else None
        named = {**space}
        if task is None or self.one_in(8):
            flaws = self._flaws_of_triggers()
            for name, values in self.some(flaws):
                named[name] = self.pick(values)
        elif task.type == RUN_EXPERIMENT:
            self._experiment_run(named)
        elif task.is_over_project:
            self._window(task, named)
        elif self.one_in(2):
            dataset = task.fields["dataset_id"] if not self.one_in(4) else DATASETS[1].id
            named["experiment_ids"] = self._experiments(dataset)
        if task is not None and task.type in EVALUATIONS:
            if self.one_in(4):
                named["max_spans"] = self.pick([1, 3, 7, 10_000])
            if self.one_in(3):
                named["override_evaluations"] = self.pick([True, False])
        return Call("tasks.trigger_run", (reference,), named)

    def _window(self, task: Task, named: Json) -> None:
        now, last = self.model.now, task.last_run_at
        ends = [now, now - timedelta(hours=1), now + timedelta(hours=2), now - MONTH]
        end = self.pick(ends)
        spans = [timedelta(hours=1), MONTH, MONTH + EDGE, MONTH - EDGE, EDGE, timedelta(), -timedelta(hours=1)]
        kind = self.pick(
            ["neither", "both", "end", "start", "neither"] if last or self.one_in(6) else ["both", "start"]
        )
        zone = self.pick([UTC, timezone(timedelta(hours=5, minutes=30))])
        if kind in {"both", "end"}:
            named["data_end_time"] = end.astimezone(zone)
        if kind == "both":
            named["data_start_time"] = (end - self.pick(spans)).astimezone(zone)
        elif kind == "start":
            named["data_start_time"] = (now - self.pick(spans)).astimezone(zone)

    def _experiment_run(self, named: Json) -> None:
        # This name is new, or that of a run whose experiment is still to come.
        coming = f"new-{len(self.model.experiments)}"
        names = [coming] * 5 + TAKEN_NAMES
        named["experiment_name"] = self.pick(names)
        if self.one_in(3):
            named["dataset_version_id"] = self.pick(
                [GOLDEN.versions[0].id, GOLDEN.versions[1].id, DATASETS[1].versions[0].id, NOBODYS["dataset version"],
                 GOLDEN.id, "v1", ENTITY, ""]
            )  # fmt: skip
        if self.one_in(3):
            named["max_examples"] = self.pick([1, 2, 3, 4, 100, 0])
        elif self.one_in(3):
            named["example_ids"] = self.pick([["example-001"], ["example-001", "nobody"], [], ["nobody"],
                                              ["example-005", "example-005", "example-002"]])  # fmt: skip
        if self.one_in(3):
            followers = [it.id for it in self.model.tasks.values() if it.type != RUN_EXPERIMENT or self.one_in(9)]
            others = [[NOBODYS["task"]], ["a"], [GOLDEN.id]]
            ids = self.some(followers) if followers else [ENTITY]
            named["evaluation_task_ids"] = self.pick(others) if self.one_in(6) else ids
        if self.one_in(6):
            named["tracing_metadata"] = self.pick([{"k": "v"}, {}, {"k": 5}])

    def _flaws_of_triggers(self) -> list[tuple[str, Sequence[Any]]]:
        now = self.model.now
        return [
            ("data_start_time", [now - timedelta(hours=1), datetime(2026, 3, 1), "2026-03-01"]),  # noqa: DTZ001
            ("data_end_time", [now, now.replace(tzinfo=None), 5]),
            ("max_spans", [1, 0, -1, 1.5, True, "1"]),
            ("override_evaluations", [True, 1, "no"]),
            ("experiment_ids", [[it.id for it in self.model.experiments[:1]], ["base"], [GOLDEN.id], [""], "base", [5],
                                [NOBODYS["experiment"]]]),
            ("experiment_name", ["another", "", 5]),
            ("max_examples", [1, 0, "1"]),
            ("example_ids", [["example-001"], "example-001", [5]]),
            ("dataset_version_id", [GOLDEN.versions[0].id]),
            ("evaluation_task_ids", [[ENTITY]]),
            ("tracing_metadata", [{"k": "v"}, {"k": None}, "k"]),
        ]  # fmt: skip

    def list_runs(self) -> Call:
        reference, space = self.task()
        named, reading = self.paging()
        if self.one_in(3):
            named["status"] = self.pick(["pending", "running", "completed", "failed", "CANCELLED", "other"])
        return Call("tasks.list_runs", (reference,), {**named, **space}, reading)

    def get_run(self) -> Call:
        return Call("tasks.get_run", (self.run(),))

    def cancel(self) -> Call:
        return Call("tasks.cancel_run", (self.run(),))

    def wait(self) -> Call:
        named: Json = {}
        if not self.one_in(3):
            named["timeout"] = self.pick([600, 1, 30, 12, 0] if self.one_in(5) else [600, 60, 12, 48])
        if self.one_in(2):
            named["poll_interval"] = self.pick([1, 7, 30, 0.5, -1] if self.one_in(5) else [1, 7, 30, 12])
        if self.one_in(3):
            named["raise_on_failure"] = True
        return Call("tasks.wait_for_run", (self.run(),), named)

"""The strategy for calls that list or read resources."""

from __future__ import annotations

from tests.model.contract import is_beta
from tests.model.model_calls import Call
from tests.model.model_draws_values import ValueDraws
from tests.model.model_state import EVALUATIONS
from tests.model.model_world import (
    DATASETS,
    ENTITY,
    EVALUATORS,
    GOLDEN,
    ORGANIZATION,
    OTHER_ORGANIZATION,
    PROJECTS,
    UNUSED_IDS,
    Json,
)


class ListCalls(ValueDraws):
    """Draws calls that list tasks and runs, and that list or read the resources that tasks refer to."""

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
                named[noun] = self.pick([UNUSED_IDS[noun], "pair", "nothing", ENTITY, ORGANIZATION])
            if self.one_in(9):
                named |= {"project": PROJECTS[0].id, "dataset": DATASETS[0].id}
        elif self.one_in(2):
            named.update(self.any_space())
        return Call("tasks.list", (), named, reading)

    def lookups(self) -> Call:
        noun = self.pick(["space", "project", "dataset", "experiment", "evaluator"])
        named, reading = self.paging()
        if self.one_in(2):
            named["name"] = self.pick(["a", "ALPHA", "chat", "o", "base", "judge", "SHAPE", "zz", "x" * 256, "-2"])
        if noun == "space":
            owners = [ORGANIZATION, OTHER_ORGANIZATION, UNUSED_IDS["organization"], GOLDEN.id, "", "owner"]
            named.update({"organization": self.pick(owners)} if self.one_in(3) else {})
        elif noun == "experiment":
            if self.one_in(2):
                named["dataset"], space = self.thing(self.pick(DATASETS))
                named.update(space)
            elif is_beta() and self.one_in(2):
                named.update(self.any_space())
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
            reference = self.pick([UNUSED_IDS[noun], "nothing", "BASE", ENTITY, ORGANIZATION, ""])
        if noun == "evaluator" and self.one_in(3):
            versions = [EVALUATORS[0].version_id, UNUSED_IDS["evaluator version"], GOLDEN.id, "", "v1"]
            space["version_id"] = self.pick([getattr(it, "version_id", ENTITY), *versions])
        return Call(f"{noun}s.get", (reference,), space)

    def list_runs(self) -> Call:
        reference, space = self.task()
        named, reading = self.paging()
        if self.one_in(3):
            named["status"] = self.pick(["pending", "running", "completed", "failed", "CANCELLED", "other"])
        return Call("tasks.list_runs", (reference,), {**named, **space}, reading)

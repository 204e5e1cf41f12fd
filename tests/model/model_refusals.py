"""Invalid requests that the client would not make, and the predictions of their responses.

They are sent by `client.request`, which sends any request.
"""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

from tests.model import generator_bodies, generator_flaws
from tests.model.contract import operations
from tests.model.generator import KEY, GeneratedRequest
from tests.model.generator_values import any_of, chance
from tests.model.model_calls import Call
from tests.model.model_prediction import Prediction
from tests.model.model_script import DifferenceError
from tests.model.model_server import world_of
from tests.model.request import RawRequest, parse
from tests.model.rules_in_force import broken

if TYPE_CHECKING:
    from datetime import datetime

    from tests.model.model_state import Model
    from tests.model.rules import Rule

WRITES = ("create_task", "update_task", "trigger_task_run")
FITTING = 0.7
"""The share of the requests that fit the schemas, and are refused by other rules."""


def refused(model: Model, seed: int) -> Call:
    """Generate a request that the server refuses.

    Args:
        model: the existing resources.
        seed: the seed of all choices.
    """
    rng, world = Random(seed), world_of(model)  # noqa: S311  # chance that can be repeated
    while True:
        name = any_of(rng, WRITES if model.tasks else WRITES[:1])
        ids = {} if name == "create_task" else {"task_id": any_of(rng, list(model.tasks))}
        sound = generator_bodies.body(rng, name, world, world.get("tasks", ids.get("task_id")), ())
        body = generator_flaws.body(rng, name, world, ids, sound, fitting=chance(rng, FITTING))
        raw = GeneratedRequest(ids, {}, body).raw(operations()[name])
        call = Call("request", (raw.method, raw.path), {"body": body})
        if rules_broken_by(model, call):
            return call


def rules_broken_by(model: Model, call: Call) -> list[Rule]:
    """Return the rules that a request breaks in the current state."""
    method, path = call.given
    headers = {"Authorization": KEY, "Content-Type": "application/json"}
    request = parse(RawRequest(method, path, "", headers, json.dumps(call.named["body"]).encode()), world_of(model))
    assert request is not None
    return broken(request)


def predicted(model: Model, call: Call) -> Prediction:
    """Predict the response to an invalid request: a refusal.

    Raises:
        DifferenceError: the request breaks no rule, which happens when a sequence is made shorter.
    """
    rules = rules_broken_by(model, call)
    if not rules:
        raise DifferenceError("the request breaks no rule")
    statuses = {rule.status for rule in rules}

    def apply(seen: Any, first: datetime, last: datetime) -> None:
        del first, last
        said = json.loads(seen.content)["status"]
        if seen.status_code != said or said not in statuses:
            raise DifferenceError(f"the status is {seen.status_code}, and should be one of {statuses}")

    return Prediction([], apply)

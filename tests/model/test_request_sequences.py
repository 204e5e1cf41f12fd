"""Random stories of requests that get somewhere, on a small world: every answer is what the rules make it."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dialects import BETA, DOCUMENTS, spoken
from tests.model import generator
from tests.model.checks import check_all
from tests.model.contract import operations
from tests.model.exchange import Exchange, History, read
from tests.model.fuzz_session import repeatable, the_mock
from tests.model.generator_values import any_of, chance
from tests.model.hooks import STEPS
from tests.model.servers import InProcess

SCENES = {
    "tasks": ["create_task", "update_task", "update_task", "delete_task", "trigger_task_run", "list_tasks", "get_task"],
    "updates": ["update_task"] * 6 + ["create_task", "delete_task", "get_task"],
    "runs": [
        "trigger_task_run",
        "trigger_task_run",
        "cancel_task_run",
        "get_task_run",
        "list_task_runs",
        "create_task",
    ],
}
"""What some stories are about: operations, each as often as it is named."""
EVERYTHING, LOOKING = "everything", "looking"
STORIES = {DOCUMENTS: 40, BETA: 15}


@pytest.mark.parametrize("scene", [EVERYTHING, *SCENES, LOOKING])
def test_a_story_keeps_to_the_rules(scene: str, contract: str) -> None:
    tell(scene, repeatable(STORIES[contract]))


def scene_of(name: str) -> list[str]:
    """The operations of a scene, by the contract that is spoken."""
    if name == EVERYTHING:
        return generator.operations()
    return [each.id for each in operations().values() if each.is_read] if name == LOOKING else SCENES[name]


def tell(scene: str, profile: settings) -> None:
    """Tell so many stories; one that goes wrong is made as short as it still goes wrong."""

    @profile
    @given(st.lists(st.integers(0, 2**32), min_size=20, max_size=40))
    def story(seeds: list[int]) -> None:
        server, history = InProcess(the_mock(spoken.contract)), History()
        server.mock.start_over()
        # Where 0 is no step, what goes wrong is made short although most stories are long.
        for seed in filter(None, seeds):
            step(Random(seed), server, history, scene_of(scene))  # noqa: S311  # chance that can be repeated

    story()


def step(dice: Random, server: InProcess, history: History, operations: list[str]) -> Exchange:
    """A request, perhaps some time after the one before, with all checks of its answer."""
    if chance(dice, 0.3):
        server.advance(any_of(dice, STEPS))
    before = server.look()
    sent = generator.request(dice, before, history, among=operations)
    reply = server.send(sent)
    exchange = Exchange(server, history, sent, read(sent, before, history), reply, before, server.look())
    check_all(exchange)
    return exchange

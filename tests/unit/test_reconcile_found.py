"""Writes whose answers are lost in unlucky ways: nothing is done twice, and nothing of somebody else's is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

import httpx
import pytest
from axtasks import AmbiguousOutcomeError, AxError

from tests.unit.lost_writes import CALLS, FAILURES, Scene, Trouble, steps
from tests.unit.support import CHAT_QUALITY, Recorder, Sent, Stage

if TYPE_CHECKING:
    from tests.unit.support import Colour


@pytest.fixture
def scene(colour: Colour) -> Scene:
    return Scene(colour)


def late(scene: Scene, *troubles: tuple[Trouble, bool], looks: int) -> Recorder:
    """A transport whose first looks after a write show what was there before it, as a server with copies may do.

    Args:
        scene: what is really there.
        troubles: what is seen of each of the first writes, and whether the server carries it out all the same.
        looks: how many requests are answered from before.
    """
    answer, before, remaining = scene.transport(*troubles)._answer, dict[str, httpx.Response](), [looks]
    assert not isinstance(answer, Stage)

    def stale(sent: Sent) -> httpx.Response:
        if sent.is_write:
            for path in (task := f"/v2/tasks/{CHAT_QUALITY}", f"{task}/runs", "/v2/tasks", f"/v2/task-runs/{scene.run}"):
                query = {"name": "New"} if path == "/v2/tasks" else {}
                before.setdefault(path, scene.ask(Sent("GET", path, query, b"", sent.headers, 1)))
        elif before and remaining[0]:
            remaining[0] -= 1
            return before[unquote(sent.path)]
        return answer(sent)

    return Recorder(stale)


def test_a_trigger_whose_answer_was_damaged_is_not_sent_again(scene: Scene) -> None:
    """The server said that it did it; that its run does not show does not mean that there is none."""
    call = CALLS["trigger-evaluation"]
    transport = late(scene, (FAILURES["damaged"].given, True), looks=9)

    result = scene.play(call, transport)

    assert isinstance(result, AmbiguousOutcomeError)
    assert steps(transport) == ["write", "look"]
    assert scene.effects(call) == 1


def test_a_trigger_whose_answer_was_damaged_is_looked_for_a_few_times(scene: Scene) -> None:
    call = CALLS["trigger-evaluation"]
    transport = late(scene, (FAILURES["damaged"].given, True), looks=2)

    result = scene.play(call, transport)

    assert not isinstance(result, AxError), result
    assert steps(transport) == ["write", "look"]
    assert scene.effects(call) == 1


@pytest.mark.parametrize("first", ["500", "reset"])
@pytest.mark.parametrize("name", ["create-evaluation", "create-experiments", "delete", "cancel"])
def test_what_a_failed_attempt_did_unseen_is_not_reported_as_refused(name: str, first: str, scene: Scene) -> None:
    """It did not show at once, so it was sent again and refused: the refusal is the trace of the first attempt."""
    call = CALLS[name]
    transport = late(scene, (FAILURES[first].given, True), looks=1)

    result = scene.play(call, transport)

    assert not isinstance(result, AxError), result
    assert steps(transport) == ["write", "look", "write", "look"]
    assert scene.effects(call) == 1

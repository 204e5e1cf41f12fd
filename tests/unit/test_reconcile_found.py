"""Writes whose answers are lost in unlucky ways: nothing is done twice, and nothing of somebody else's is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

import httpx
import pytest
from axtasks import AmbiguousOutcomeError, AxError

from tests.unit.lost_writes import CALLS, FAILURES, Scene, steps
from tests.unit.support import CHAT_QUALITY, Recorder, Sent, Stage

if TYPE_CHECKING:
    from tests.unit.support import Colour


@pytest.fixture
def scene(colour: Colour) -> Scene:
    return Scene(colour)


def late(transport: Recorder, *, looks: int) -> Recorder:
    """The transport, whose first looks after a write show what was there before it, as a server with copies may do."""
    answer, before, remaining = transport._answer, dict[str, httpx.Response](), [looks]
    assert not isinstance(answer, Stage)

    def stale(sent: Sent) -> httpx.Response:
        if sent.is_write:
            for path in ("/v2/tasks", f"/v2/tasks/{CHAT_QUALITY}", f"/v2/tasks/{CHAT_QUALITY}/runs"):
                look = Sent("GET", path, {}, b"", sent.headers, 1)
                before.setdefault(path, answer(look))
        elif before and remaining[0]:
            remaining[0] -= 1
            return before[unquote(sent.path)]
        return answer(sent)

    return Recorder(stale)


def test_a_trigger_whose_answer_was_damaged_is_not_sent_again(scene: Scene) -> None:
    """The server said that it did it; that its run does not show does not mean that there is none."""
    call = CALLS["trigger-evaluation"]
    transport = late(scene.transport((FAILURES["damaged"].given, True)), looks=9)

    result = scene.play(call, transport)

    assert isinstance(result, AmbiguousOutcomeError)
    assert steps(transport) == ["write", "look"]
    assert scene.effects(call) == 1


def test_a_trigger_whose_answer_was_damaged_is_looked_for_a_few_times(scene: Scene) -> None:
    call = CALLS["trigger-evaluation"]
    transport = late(scene.transport((FAILURES["damaged"].given, True)), looks=2)

    result = scene.play(call, transport)

    assert not isinstance(result, AxError), result
    assert steps(transport) == ["write", "look"]
    assert scene.effects(call) == 1

"""A write that fails several times in any way is done once, not done, or reported as ambiguous."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axtasks import AmbiguousOutcomeError, AxError
from hypothesis import given
from hypothesis import strategies as st

from tests.model.schema_data import deterministic
from tests.unit.lost_writes import CALLS, FAILURES, Call, Scene
from tests.unit.support import CHAT_QUALITY, Awaiting, Blocking, ClientKind, Recorder, Sent, client_over

if TYPE_CHECKING:
    import httpx

# A failure, and True if the server carries the write out all the same, if it can.
TROUBLES = st.tuples(st.sampled_from(sorted(FAILURES)), st.booleans())
CLIENT_KINDS = st.sampled_from([Blocking, Awaiting])
LOST = st.sampled_from(sorted(name for name in FAILURES if name != "damaged"))


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_write_is_never_done_twice_and_its_outcome_is_never_wrong(call: Call) -> None:
    @deterministic(20)
    @given(st.lists(TROUBLES, min_size=1, max_size=4), CLIENT_KINDS)
    def check(troubles: list[tuple[str, bool]], client_kind: ClientKind) -> None:
        scene = Scene(client_kind)
        failures = [
            (FAILURES[name], acted)
            for name, acted in troubles
            if not (call.has_no_answer and name == "damaged" and not acted)
        ]
        transport = scene.transport(*((failure.given, acted and failure.acted) for failure, acted in failures))

        result = scene.play(call, transport)
        done = scene.effects(call)

        if isinstance(result, AmbiguousOutcomeError):
            assert done <= 1
        else:
            assert done == int(not isinstance(result, AxError)), result

    check()


@pytest.mark.parametrize("name", ["create-evaluation", "create-experiments"])
def test_an_older_task_is_never_taken_for_the_created_one(name: str) -> None:
    @deterministic(10)
    @given(st.lists(LOST, min_size=1, max_size=3), CLIENT_KINDS)
    def check(failures: list[str], client_kind: ClientKind) -> None:
        scene, call = Scene(client_kind), CALLS[name]
        with client_over(scene.door) as other_client:
            call.make(other_client, scene)
        scene.pass_time(3600)

        result = scene.play(call, scene.transport(*((FAILURES[each].given, False) for each in failures)))

        assert isinstance(result, AxError)
        assert scene.effects(call) == 1

    check()


@deterministic(16)
@given(LOST, CLIENT_KINDS)
def test_a_concurrent_change_is_never_taken_for_the_update(failure: str, client_kind: ClientKind) -> None:
    scene, call = Scene(client_kind), CALLS["update"]
    writes = 0

    def respond(sent: Sent) -> httpx.Response:
        nonlocal writes
        scene.pass_time(0.01)
        writes += sent.is_write
        if not sent.is_write or writes > 1:
            return scene.ask(sent)
        with client_over(scene.door) as other_client:
            scene.pass_time(1)
            other_client.tasks.update(CHAT_QUALITY, query_filter="theirs")
        given = FAILURES[failure].given
        if isinstance(given, Exception):
            raise given
        return given

    result = scene.play(call, Recorder(respond))

    assert scene.effects(call) == int(not isinstance(result, AxError))

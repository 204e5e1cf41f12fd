"""A write that fails in any ways, one after another: done once and told so, not done and told so, or left open."""

from __future__ import annotations

import pytest
from axtasks import AmbiguousOutcomeError, AxError
from hypothesis import given
from hypothesis import strategies as st

from tests.property.shapes import steady
from tests.unit.lost_writes import CALLS, FAILURES, Call, Scene
from tests.unit.support import Awaiting, Blocking, Colour

# What fails, and whether the server carried the write out all the same, as far as it may have.
TROUBLES = st.tuples(st.sampled_from(sorted(FAILURES)), st.booleans())


@pytest.mark.parametrize("colour", [Blocking, Awaiting])
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_write_is_never_done_twice_and_its_outcome_is_never_wrong(call: Call, colour: Colour) -> None:
    @steady(25)
    @given(st.lists(TROUBLES, min_size=1, max_size=4))
    def check(troubles: list[tuple[str, bool]]) -> None:
        scene = Scene(colour)
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

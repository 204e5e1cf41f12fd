"""The data window of a run, for any given ends and any last run (C26 to C28)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import pytest
from axtasks import InvalidArgumentError, UnprocessableEntityError
from hypothesis import example, given
from hypothesis import strategies as st

from tests.model.schema_data import deterministic
from tests.unit import support

if TYPE_CHECKING:
    from datetime import datetime

MONTH = timedelta(days=30)
TICK = timedelta(milliseconds=1)
LENGTHS = st.sampled_from(
    [MONTH - TICK, MONTH, MONTH + TICK, 2 * MONTH, timedelta(), -TICK, TICK, timedelta(hours=1), -MONTH]
)
MAYBE = st.none() | LENGTHS


class Refused(NamedTuple):
    """The expectation that the window is refused."""


def expected(
    now: datetime, last: datetime | None, start: datetime | None, end: datetime | None
) -> tuple[datetime, datetime] | Refused:
    """Return the window that the rules give.

    Args:
        now: the time of the trigger.
        last: the time of the run before; None before the first.
        start: the given start, if any.
        end: the given end, if any.
    """
    until = now if end is None else end
    if start is None and last is None:
        return Refused()
    since = start if start is not None else max(last or now, until - MONTH)
    is_given = start is not None or end is not None
    if until - since > MONTH or since > until or (since == until and is_given):
        return Refused()
    return since, until


# The age of the last run, the length of the window, and the age of its end; None if absent.
@deterministic(20)
@given(MAYBE, MAYBE, MAYBE)
@example(None, None, timedelta())
@example(2 * MONTH, None, None)
@example(timedelta(), None, None)
@example(TICK, MONTH, None)
@example(None, MONTH, None)
@example(None, MONTH + TICK, timedelta())
@example(TICK, timedelta(), None)
def test_the_window_follows_the_rules(
    ago: timedelta | None, length: timedelta | None, before_now: timedelta | None
) -> None:
    stage = support.Stage()
    ax, clock = stage.client(), stage.mock.clock
    task = ax.tasks.create_evaluation_task(
        "n", task_type="template_evaluation", project=support.CHAT_PROD, evaluators=[support.HALLUCINATION]
    )
    last = None
    if ago is not None:
        last = clock.now()
        ax.tasks.trigger_run(task.id, data_start_time=last - MONTH, data_end_time=last)
        clock.advance(max(ago, timedelta()).total_seconds())
    now = clock.now()
    end = None if before_now is None else now - before_now
    start = None if length is None else (end or now) - length
    wanted = expected(now, last, start, end)

    # The client checks windows too, but only complete ones, before it sends anything.
    if isinstance(wanted, Refused):
        with pytest.raises((UnprocessableEntityError, InvalidArgumentError)):
            ax.tasks.trigger_run(task.id, data_start_time=start, data_end_time=end)
        return
    run = ax.tasks.trigger_run(task.id, data_start_time=start, data_end_time=end)

    assert (run.data_start_time, run.data_end_time) == wanted
    assert ax.tasks.get(task.id).last_run_at == run.created_at == now

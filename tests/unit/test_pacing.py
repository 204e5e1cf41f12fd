"""How late runs are reported, and after how many requests."""

from __future__ import annotations

import random
from functools import cache
from itertools import accumulate
from statistics import fmean
from typing import TYPE_CHECKING

import pytest
from axtasks import RunTimeoutError
from axtasks.pacing import LONGEST_SECONDS, expected, lengths_of, pause, usual_pause
from axtasks.testing.clients import client_of
from axtasks_api.models import TaskRun

from tests.unit.pace import Play, Wait, any_length
from tests.unit.support import CHAT_QUALITY_RUN, RUN, Colour, Recorder, answer, page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import httpx

    from tests.unit.support import Sent, Stopwatch

HOUR_SECONDS = 60 * 60
DAY_SECONDS = 24 * HOUR_SECONDS

WHOSE = pytest.mark.parametrize("own", [True, False], ids=["triggered-by-this-client", "triggered-by-another"])


@cache
def without_history(own: bool) -> list[Wait]:
    """Waits for first runs, as long as any may be."""
    chance = random.Random(8)
    plays = ((Play(), any_length(chance)) for _ in range(60))
    return [play.wait(length, by=None if own else client_of(play.mock)) for play, length in plays]


@cache
def after_ten(own: bool) -> list[Wait]:
    """Waits for runs of tasks that ran ten times or more, a fifth longer or shorter than usual at most."""
    chance = random.Random(8)
    waits = []
    for _ in range(20):
        play, usual = Play(), any_length(chance)
        play.earlier([usual * chance.uniform(0.8, 1.2) for _ in range(10)])
        by = None if own else client_of(play.mock)
        waits += [play.wait(usual * chance.uniform(0.8, 1.2), by=by) for _ in range(4)]
    return waits


@WHOSE
def test_a_run_of_a_new_task_is_reported_late_by_a_small_share_of_its_length(own: bool) -> None:
    assert fmean(wait.share_late for wait in without_history(own)) <= 0.2


@WHOSE
def test_a_run_of_a_new_task_takes_few_requests(own: bool) -> None:
    twelve = [Play().wait(12).requests, *(wait.requests for wait in without_history(own) if wait.length <= 12)]

    assert max(twelve) <= 16


@WHOSE
def test_a_run_like_earlier_ones_is_reported_when_it_ends(own: bool) -> None:
    assert fmean(wait.share_late for wait in after_ten(own)) <= 0.05


@WHOSE
def test_a_run_like_earlier_ones_takes_half_the_requests(own: bool) -> None:
    """The one that tells of the earlier runs included. Only a run that outlasts them all takes some more."""
    requests = [wait.requests for wait in after_ten(own)]

    assert fmean(requests) <= 7
    assert sum(number <= 8 for number in requests) >= 0.85 * len(requests)
if __name__ == "__main__":
    for own in (True, False):
        a = without_history(own); b = after_ten(own)
        print(own, fmean(w.share_late for w in a), max(w.requests for w in a if w.length<=12))
        print("  after ten", fmean(w.share_late for w in b), fmean(w.requests for w in b), max(w.requests for w in b), sum(w.requests>8 for w in b)/len(b))

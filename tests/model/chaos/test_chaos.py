"""A sample of `make chaos`, and tests that it notices defects."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from axtasks.engine.attempts import RequestExecution
from axtasks.engine.effects import Applied, NotObserved, Undecided
from axtasks.reconcile import runs as reconcile_runs
from axtasks.reconcile import tasks as reconcile

from tests.dialects import BETA, DOCUMENTS
from tests.engines import DIRECT, HTTPX, carried_by
from tests.model.chaos.broken_probes import replaced_probe
from tests.model.chaos.client_adapters import AwaitingAdapter, BlockingAdapter, ClientAdapter
from tests.model.chaos.simulated_user import run_user
from tests.model.chaos.verdict import DOUBLED, LATE, LOST, NEEDLESS, UNTYPED, Verdict


@pytest.mark.parametrize(
    ("adapter", "engine", "dialect"),
    [
        (BlockingAdapter, DIRECT, DOCUMENTS),
        (AwaitingAdapter, DIRECT, BETA),
        (BlockingAdapter, DIRECT, BETA),
        (AwaitingAdapter, DIRECT, DOCUMENTS),
        (BlockingAdapter, HTTPX, DOCUMENTS),
        (AwaitingAdapter, HTTPX, BETA),
    ],
)
def test_the_client_reports_its_effects_correctly(adapter: type[ClientAdapter], engine: str, dialect: str) -> None:
    """No write is lost, doubled or misread, errors are typed, and only what cannot be resolved is left in doubt."""
    with carried_by(engine):
        verdict = run_user(adapter, seed=11, operations=150, rate=0.2, contract=dialect)

    assert verdict.defects == []
    assert verdict.is_good
    assert verdict.operations == 150
    assert verdict.writes > 60
    assert 0.1 < verdict.struck / verdict.requests < 0.3


def test_a_seed_decides_the_verdict() -> None:
    """The calls and faults of a seed are the same each time, and both clients and all engines have the same results."""
    with carried_by(DIRECT):
        verdict = run_user(BlockingAdapter, seed=5, operations=80, rate=0.3)
    with carried_by(HTTPX):
        again = run_user(AwaitingAdapter, seed=5, operations=80, rate=0.3)

    assert again == verdict
    assert verdict.struck > 20
    assert run_user(BlockingAdapter, seed=6, operations=80, rate=0.3) != verdict


@pytest.mark.parametrize(("writes", "most"), [(0, 0), (60, 6), (560, 23), (5600, 146), (200_000, 4195)])
def test_a_small_sample_may_have_a_larger_share_of_doubts(writes: int, most: int) -> None:
    """The bound is the count that a doubt rate of 2 % stays within in 999 of 1,000 samples."""
    good = Verdict(writes=writes, doubts=Counter(["a doubt"] * most))
    bad = Verdict(writes=writes, doubts=Counter(["a doubt"] * (most + 1)))

    assert (good.is_good, bad.is_good) == (True, False)


@pytest.mark.parametrize(
    ("probe", "found", "fault", "defect"),
    [
        (reconcile_runs.TriggerEvaluationProbe, NotObserved(), "operation=trigger_task_run, accept-then-drop", DOUBLED),
        (
            reconcile_runs.TriggerEvaluationProbe,
            Undecided("?"),
            "operation=trigger_task_run, accept-then-drop",
            NEEDLESS,
        ),
        (reconcile.DeleteTaskProbe, Applied(None), "operation=delete_task, reset", LOST),
        (reconcile.CreateTaskProbe, KeyError("id"), "operation=create_task, reset", UNTYPED),
    ],
    ids=["doubled", "needless", "lost", "untyped"],
)
def test_a_broken_probe_is_detected(probe: type, found: object, fault: str, defect: str) -> None:
    """A client with a broken probe for lost writes gets a bad verdict."""
    with replaced_probe(probe, found):
        verdict = run_user(BlockingAdapter, seed=2, operations=50, rate=1, kinds=(fault,))

    assert verdict.count(defect) > 0
    assert not verdict.is_good


def test_a_client_without_a_deadline_is_detected(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that obeys any Retry-After is late."""
    monkeypatch.setattr(RequestExecution, "get_deadline", lambda _: math.inf)

    verdict = run_user(BlockingAdapter, seed=2, operations=5, rate=1, kinds=("status:503 retry_after=30",))

    assert verdict.count(LATE) > 0

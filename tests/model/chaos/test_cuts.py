"""A sample of `make cuts`, and a test that it notices defects."""

from __future__ import annotations

from itertools import product

import pytest
from axtasks.engine.effects import NotObserved, Undecided
from axtasks.reconcile import runs as reconcile_runs
from axtasks.reconcile import tasks as reconcile

from tests.dialects import BETA, DOCUMENTS
from tests.engines import ENGINES
from tests.model.chaos.broken_probes import replaced_probe
from tests.model.chaos.cases import CASES
from tests.model.chaos.client_adapters import ADAPTERS
from tests.model.chaos.cuts import Series, cut
from tests.model.chaos.verdict import DOUBLED, LOST, NEEDLESS, UNTYPED

EVERY = 97
CONTRACTS = (DOCUMENTS, BETA, BETA, DOCUMENTS)
# Each write with each client, and each engine with both clients and both contracts.
TABLE = [
    Series(name, adapter, ENGINES[row % len(ENGINES)], CONTRACTS[row % len(CONTRACTS)], EVERY)
    for row, (name, adapter) in enumerate(product(CASES, ADAPTERS))
]


@pytest.mark.parametrize("series", TABLE, ids=lambda it: f"{it.name}-{it.adapter}-{it.engine}-{it.contract}")
def test_a_response_that_is_cut(series: Series) -> None:
    """Wherever the response is cut, the client returns the effect of its one write."""
    length, verdict = cut(series)

    assert verdict.defects == []
    # Closed and reset, at both ends and in between.
    assert verdict.struck == verdict.writes == 2 * (1 + -(-length // EVERY))


@pytest.mark.parametrize(
    ("name", "probe", "found", "defect"),
    [
        ("trigger over a window", reconcile_runs.TriggerEvaluationProbe, NotObserved(), DOUBLED),
        ("trigger over a window", reconcile_runs.TriggerEvaluationProbe, Undecided("?"), NEEDLESS),
        ("delete", reconcile.DeleteTaskProbe, NotObserved(), LOST),
        ("create over a project", reconcile.CreateTaskProbe, KeyError("id"), UNTYPED),
    ],
    ids=["doubled", "needless", "lost", "untyped"],
)
def test_a_broken_probe_is_detected(name: str, probe: type, found: object, defect: str) -> None:
    """Every cut response exposes a broken probe for lost writes; a complete response does not."""
    with replaced_probe(probe, found):
        _, verdict = cut(Series(name, "blocking", every=EVERY))

    assert verdict.count(defect) >= verdict.writes - 2
    assert {kind for kind, _ in verdict.defects} == {defect}

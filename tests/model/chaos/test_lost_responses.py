"""Each write whose response is lost: the client returns its effect, and the write is carried out once."""

from __future__ import annotations

from itertools import product

import pytest
from axtasks.mock.faults.registry import Faults

from tests.dialects import BETA, DOCUMENTS
from tests.model.chaos.cases import CASES
from tests.model.chaos.client_adapters import ADAPTERS
from tests.model.chaos.network import frozen_mock, networked

# The faults that lose the response to a write that was carried out.
LOSSES = ("accept-then-drop", "truncate", "empty", "garbage", "delay:60s")
CONTRACTS = (DOCUMENTS, BETA, BETA, DOCUMENTS)
# Each write with each client, and each loss with both clients and in both contracts.
TABLE = [
    (name, adapter, LOSSES[row % len(LOSSES)], CONTRACTS[row % len(CONTRACTS)])
    for row, (name, adapter) in enumerate(product(CASES, ADAPTERS))
]


@pytest.mark.parametrize(("name", "adapter", "loss", "dialect"), TABLE)
def test_a_lost_response(name: str, adapter: str, loss: str, dialect: str) -> None:
    """The call returns the effect of its one write, as if the response had arrived."""
    case = CASES[name]
    faults = Faults(f"times=1, operation={case.operation}, fault={loss}")
    mock = frozen_mock(lifecycle="manual", contract=dialect)
    with networked(ADAPTERS[adapter], mock, faults, contract=dialect) as (client, _):
        prepared = "" if case.prepare is None else client.ask(case.prepare).id

        result = client.ask(lambda it: case.call(it, prepared))

    effects = case.effects(mock, prepared)
    assert len(effects) == 1
    assert case.is_reported(result, effects)
    done = [each for each in mock.journal.exchanges(case.operation) if each.status in range(200, 300)]
    assert [str(each.fault).partition("fault=")[2].partition(":")[0] for each in done] == [loss.partition(":")[0]]

"""How requests of schemathesis are led to something that there is."""

from __future__ import annotations

import pytest

from tests.dialects import DOCUMENTS
from tests.model import contract, hooks
from tests.model.fuzz_session import load_schema


@pytest.mark.one_contract
@pytest.mark.parametrize("operation", contract.operations().values(), ids=lambda each: each.id)
def test_where_a_request_is_led_depends_on_what_it_says_alone(operation: contract.Operation) -> None:
    # An address in memory would lead it elsewhere in each process, and a seed would repeat nothing.
    assert " at 0x" not in hooks.describe(load_schema(DOCUMENTS)[operation.path][operation.method].Case())

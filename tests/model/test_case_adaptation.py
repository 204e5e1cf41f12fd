"""The adaptation of schemathesis requests to existing resources."""

from __future__ import annotations

import pytest

from tests.dialects import DOCUMENTS
from tests.model import contract, hooks
from tests.model.fuzz_session import load_schema


@pytest.mark.one_contract
@pytest.mark.parametrize("operation", contract.operations().values(), ids=lambda each: each.id)
def test_the_adaptation_of_a_request_depends_on_its_content_alone(operation: contract.Operation) -> None:
    # A memory address would differ in each process, so that a seed could not repeat the requests.
    assert " at 0x" not in hooks.describe(load_schema(DOCUMENTS)[operation.path][operation.method].Case())

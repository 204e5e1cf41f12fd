"""Schemathesis requests for every operation, in process or over a socket, with all checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schemathesis import GenerationMode

from tests.dialects import DOCUMENTS
from tests.model.contract import operations
from tests.model.fuzz_session import active_session, fuzz_session, repeatable

if TYPE_CHECKING:
    from tests.model.contract import Operation
    from tests.model.hooks import AnyCase

REQUESTS = {DOCUMENTS: 10}
"""The number of requests; fewer for the beta, which mostly has the same rules."""


@pytest.mark.parametrize("operation", operations().values(), ids=lambda each: each.id)
def test_every_operation_follows_the_contract_and_the_rules(operation: Operation, door: str, contract: str) -> None:
    with fuzz_session(door, contract) as (schema, arguments):
        tried = schema[operation.path][operation.method]
        cases = st.one_of([tried.as_strategy(generation_mode=mode) for mode in GenerationMode])

        @repeatable(REQUESTS.get(contract, 4))
        @given(cases)
        def check(case: AnyCase) -> None:
            active_session().reset()
            case.call_and_validate(**arguments)

        check()

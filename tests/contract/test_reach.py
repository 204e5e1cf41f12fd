"""Tests that the client reaches every operation of today's contract, and every parameter.

Today's contract includes that of the documents.
"""

from __future__ import annotations

from tests.unit.resources.reach import CALLS, NOT_SENT, operations, reached
from tests.unit.support import Blocking


def test_every_operation_of_the_contract_is_reached_by_a_method() -> None:
    assert {case[2] for case in CALLS} == set(operations())


def test_every_query_parameter_of_an_operation_is_sent_by_a_method_or_named_with_a_reason() -> None:
    for operation_id, (_, _, declared) in operations().items():
        sent = set[str]().union(*(reached(Blocking, case[3])[2] for case in CALLS if case[2] == operation_id))

        assert sent <= declared, operation_id
        assert declared - sent == declared & set(NOT_SENT), operation_id


def test_every_exception_is_still_one() -> None:
    declared = set[str]().union(*(query for _, _, query in operations().values()))

    assert set(NOT_SENT) <= declared

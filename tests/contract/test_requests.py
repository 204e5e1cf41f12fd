"""Tests of requests in each dialect against recorded ones."""

from __future__ import annotations

import json

from axtasks.mock.contract import BETA, DOCUMENTS, of

from tests.contract.requests import RECORD, requests

RECORDED = json.loads(RECORD.read_text(encoding="utf-8"))


def test_requests_of_both_dialects_are_those_that_were_recorded() -> None:
    made = json.loads(json.dumps(requests()))

    assert len(made) == len(RECORDED)
    for now, before in zip(made, RECORDED, strict=True):
        assert now == before


def test_the_record_has_the_requests_of_all_operations_in_both_dialects() -> None:
    for dialect in (DOCUMENTS, BETA):
        sent = [each for each in RECORDED if each["dialect"] == dialect and "refused" not in each]
        assert len(sent) >= 30
        assert {each["operation"] for each in sent} == set(of(dialect).operations)

"""The expected statuses in schemathesis.toml are those of the rules, no more and no less, for both contracts."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict

import pytest

from tests.model.checks import CONFIGURATION, declared_rules, expected_statuses
from tests.model.contract import ROOT, all_operations, operations
from tests.model.rules import Step
from tests.model.rules_in_force import RULES

SPEC = ROOT / "spec"
CHECK = "positive_data_acceptance"
DECIDED_BY_SCHEMA = frozenset({Step.CREDENTIAL, Step.PARAMETERS, Step.SIZE, Step.MEDIA_TYPE, Step.SHAPE})
"""The steps that refuse no request that fits the schemas and has a key."""


def by_the_rules() -> dict[str, dict[int, frozenset[str]]]:
    """Return the rules by which each operation refuses requests that fit the schemas, by status."""
    found: dict[str, dict[int, frozenset[str]]] = {name: defaultdict(frozenset) for name in operations()}
    for rule in RULES:
        for name in rule.operations & found.keys() if rule.is_in_force and rule.step not in DECIDED_BY_SCHEMA else ():
            found[name][rule.status] |= {rule.id}
    return found


@pytest.mark.both_contracts
@pytest.mark.usefixtures("contract")
def test_operations_may_refuse_only_by_their_own_rules() -> None:
    assert declared_rules() == by_the_rules()


def test_every_expected_status_names_its_rules() -> None:
    """Each status has the comment that `expected_statuses` reads, and no other check is relaxed."""
    settings = tomllib.loads(CONFIGURATION.read_text(encoding="utf-8"))
    assert settings["checks"][CHECK] == {"expected-statuses": ["2xx"]}
    for block in settings["operations"]:
        (name,) = set(block) - {"checks"}
        ids = [block[name]] if isinstance(block[name], str) else block[name]
        passing = block["checks"][CHECK]["expected-statuses"]
        assert list(block["checks"]) == [CHECK]
        assert passing[0] == "2xx"
        for each in ids:
            assert set(expected_statuses()[each]) == set(passing[1:])


def test_the_rules_and_statuses_are_those_of_the_pages() -> None:
    rules = (ROOT / "docs" / "reference" / "rules.md").read_text(encoding="utf-8")
    decisions = (ROOT / "docs" / "explanation" / "decisions.md").read_text(encoding="utf-8")
    for operation in expected_statuses().values():
        for status, ids in operation.items():
            for each in ids:
                is_rule = each[0] in "CB"
                page, mark = (rules, f"| {each} |") if is_rule else (decisions, f"### {each}.")
                assert mark in page, f"{each} is not on its page"
                if is_rule:
                    (row,) = re.findall(rf"^\| {each} \|.*$", rules, re.MULTILINE)
                    assert str(status) in row.split("|")[3], f"{each} does not have the status {status}"


def test_rules_of_the_beta_do_not_apply_to_the_documents() -> None:
    ids = {each for operation in declared_rules().values() for found in operation.values() for each in found}

    assert not [each for each in ids if each.startswith("B")]


def test_all_operations_have_expected_statuses() -> None:
    assert set(expected_statuses()) == set(all_operations())

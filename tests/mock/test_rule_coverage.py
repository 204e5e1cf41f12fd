"""The rules' tests as a whole: no rule is left out at any door, and the page that lists them is right."""

from __future__ import annotations

import re

import pytest
from axtasks.mock import contract

from tests.conftest import DOORS
from tests.docs.readme import ROOT
from tests.docs.written import renewed
from tests.mock import rule_table
from tests.mock.rule_report import Noted, matrix, rules

pytestmark = pytest.mark.one_door


def test_every_rule_is_tested_at_every_door() -> None:
    """For each rule of the page there is a test at each door, and there is none for a rule that is not on the page."""
    found = {(each.rule, each.door) for each in rule_table.noted("--door=all", "--collect-only")}

    assert found == {(rule, door) for rule in rules() for door in DOORS}


def test_the_page_is_what_the_tests_say() -> None:
    """`make docs` would change nothing."""
    page = rule_table.PAGE.read_text(encoding="utf-8")

    assert renewed(page, rule_table.table(rule_table.noted())) == page


def test_every_operation_is_on_the_page() -> None:
    """No operation of the contract is without a rule and its test."""
    page = rule_table.PAGE.read_text(encoding="utf-8")

    named = re.findall(r"^\| `(\w+)` \| [BC]\d+ \|", page, flags=re.MULTILINE)
    assert set(contract.of(contract.DOCUMENTS).operations) == set(named)


def test_what_the_page_points_to_is_there() -> None:
    """Every link of the page leads to a file, and every module it names is one of the mock."""
    page = rule_table.PAGE.read_text(encoding="utf-8")
    folder = rule_table.PAGE.parent

    links = [folder / target for target in re.findall(r"\]\(([^)#]+)", page)]
    named = [folder / name for name in re.findall(r"(?<!\[)`(\w+\.py)`", page.partition("<!--")[0])]

    assert [str(each.resolve().relative_to(ROOT)) for each in (*links, *named) if not each.exists()] == []
    assert links
    assert named


def test_the_matrix_tells_failures_and_gaps() -> None:
    """A rule's row says for each door how many tests passed, how many did not, and where there were none."""
    found = [
        Noted("C1", "handle", "one", ()),
        Noted("C1", "handle", "two", ()),
        Noted("C1", "socket", "one", ()),
        Noted("C1", "socket", "two", (), passed=False),
        Noted("C2", "socket", "one", ()),
    ]

    lines = [re.split(r"  +", line) for line in matrix(found, ["handle", "socket"])]

    assert lines[:3] == [
        ["rule", "handle", "socket"],
        ["C1", "2 passed", "1 of 2 FAILED"],
        ["C2", "-", "1 passed"],
    ]
    assert len(lines) == len(rules()) + 1

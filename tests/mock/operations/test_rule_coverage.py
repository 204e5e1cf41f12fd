"""The tests of rules as a whole: each rule has a test at every door, and the page that lists them is right."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

import pytest
from axtasks.mock.contract import contract

from tests.docs.pages import ROOT
from tests.docs.written import renewed
from tests.mock import rule_table
from tests.mock.rule_report import RuleResult, matrix, rules

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.one_door


def test_every_rule_is_tested_at_every_door() -> None:
    """Each rule of the page has a test that takes a door, and no test is marked with an unknown rule."""
    tests = rule_table.rule_tests()

    assert {each.rule for each in tests if takes_a_door(each.function)} == {each.rule for each in tests} == set(rules())


def takes_a_door(function: Callable[..., object]) -> bool:
    """Return true if a test runs at every door that `--door` names."""
    of_module = getattr(inspect.getmodule(function), "pytestmark", [])
    marks = [*getattr(function, "pytestmark", []), *(of_module if isinstance(of_module, list) else [of_module])]
    takes = {"api", "door"} & set(inspect.signature(function).parameters)
    return bool(takes) and "one_door" not in {mark.name for mark in marks}


def test_the_page_lists_the_tests_there_are() -> None:
    """The page lists exactly the tests of each rule, in order, and the operations of each test."""
    page = rule_table.PAGE.read_text(encoding="utf-8")
    told = rule_table.operations_on_the_page()

    listed = [
        RuleResult(each.rule, "handle", each.title, tuple(told.get((each.rule, each.title), ())))
        for each in rule_table.rule_tests()
    ]

    assert renewed(page, rule_table.table(listed)) == page
    assert [each.test for each in listed if rule_table.BETWEEN in each.test] == []


@pytest.mark.parametrize(
    "operations", [set(), {"list_tasks"}, {"create_task", "list_tasks"}], ids=["none", "another", "one-too-many"]
)
def test_a_test_with_other_operations_than_the_page_fails(operations: set[str]) -> None:
    """A rule's test that calls other operations than the page has fails with a hint."""
    rule_table.check("C1", "both project and dataset", {"create_task"})

    with pytest.raises(AssertionError, match=r"C1, 'both project and dataset'.*`make docs`"):
        rule_table.check("C1", "both project and dataset", operations)


def test_every_operation_is_on_the_page() -> None:
    """Every operation of the contract has a rule and a test."""
    page = rule_table.PAGE.read_text(encoding="utf-8")

    named = re.findall(r"^\| `(\w+)` \| [BC]\d+ \|", page, flags=re.MULTILINE)
    assert set(contract.of(contract.BETA).operations) == set(named)


def test_links_and_modules_of_the_page_exist() -> None:
    """Every link and every module that the page names exists."""
    page = rule_table.PAGE.read_text(encoding="utf-8")
    folder = rule_table.PAGE.parent

    links = [folder / target for target in re.findall(r"\]\(([^)#]+)", page)]
    named = [folder / name for name in re.findall(r"(?<!\[)`([\w/]+\.py)`", page.partition("<!--")[0])]

    assert [str(each.resolve().relative_to(ROOT)) for each in (*links, *named) if not each.exists()] == []
    assert links
    assert named


def test_the_matrix_has_failures_and_gaps() -> None:
    """The row of a rule has for each door the number of passed and failed tests, or a dash for none."""
    found = [
        RuleResult("C1", "handle", "one", ()),
        RuleResult("C1", "handle", "two", ()),
        RuleResult("C1", "socket", "one", ()),
        RuleResult("C1", "socket", "two", (), passed=False),
        RuleResult("C2", "socket", "one", ()),
    ]

    lines = [re.split(r"  +", line) for line in matrix(found, ["handle", "socket"])]

    assert lines[:3] == [
        ["rule", "handle", "socket"],
        ["C1", "2 passed", "1 of 2 FAILED"],
        ["C2", "-", "1 passed"],
    ]
    assert len(lines) == len(rules()) + 1

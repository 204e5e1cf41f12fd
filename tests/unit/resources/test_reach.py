"""Tests that every client method reaches its operation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axtasks.resources import bindings as resources

from tests.unit.resources.reach import CALLS, operations, reached
from tests.unit.resources.test_parity import GROUPS, class_of
from tests.unit.support import ClientKind, methods

RULES = Path(__file__).parents[3] / "docs" / "reference" / "rules.md"


def matches(path: str, template: str) -> bool:
    return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path) is not None


@pytest.mark.both_clients
def test_a_method_reaches_its_operation(client_kind: ClientKind) -> None:
    for group, name, operation_id, call in CALLS:
        method, template, _ = operations()[operation_id]

        sent_method, sent_path, _ = reached(client_kind, call)

        assert sent_method == method, f"{group}.{name}"
        assert matches(sent_path, template), f"{group}.{name}"


def test_every_method_is_called_here() -> None:
    offered = {(group, name) for group in GROUPS for name in methods(getattr(resources, class_of(group)))}

    assert {(case[0], case[1]) for case in CALLS} == offered


def client_side_rules() -> list[str]:
    """Return the ids of the rules that the client enforces."""
    rows = [line.split("|") for line in RULES.read_text(encoding="utf-8").splitlines() if re.match(r"\| C\d+ \|", line)]
    return [row[1].strip() for row in rows if "client" in row[4]]


def test_every_rule_that_the_client_enforces_has_a_test_that_bears_its_id() -> None:
    texts = [path.read_text(encoding="utf-8") for path in Path(__file__).parents[1].rglob("test_*.py")]

    rules = client_side_rules()
    assert rules
    assert [
        rule for rule in rules if not any(re.search(rf'"{rule}(-|")|_{rule.lower()}_', text) for text in texts)
    ] == []

"""Tests of the mock's reference pages against the code, both ways."""

from __future__ import annotations

import re
from dataclasses import fields
from importlib import import_module
from inspect import get_annotations
from typing import TYPE_CHECKING

import axtasks.mock
import pytest
from _pytest.fixtures import FixtureFunctionDefinition
from axtasks.mock.faults import fault as fault_scripts
from axtasks.mock.faults.fault import PREVENTING, FaultKind
from axtasks.testing.worlds import WorldOptions

from tests.docs.mock_reference import WRITTEN
from tests.docs.pages import code_words, page
from tests.docs.written import renewed

if TYPE_CHECKING:
    from tests.docs.pages import Page, Table

MOCK, FAULTS = page("reference/mock"), page("reference/fault-scripts")
TARGET = re.compile(r"\{#([\w-]+)\}")


def table(of: Page, column: str) -> Table:
    """Return the one table of a page with this first column."""
    (found,) = [each for each in of.tables if each.header[0] == column]
    return found


def names(of: Page, column: str) -> list[str]:
    """Return the names that the first column of a table defines."""
    return [word for row in table(of, column).rows for word in code_words(row[column])]


@pytest.mark.parametrize("written", WRITTEN, ids=str)
def test_the_page_has_the_generated_tables(written: Page) -> None:
    """`make docs` would change nothing."""
    assert renewed(written.text, WRITTEN[written]) == written.text


@pytest.mark.parametrize("defining", [*WRITTEN, MOCK, FAULTS], ids=str)
def test_each_anchor_stands_once(defining: Page) -> None:
    found = TARGET.findall(defining.text)

    assert found
    assert sorted(found) == sorted(set(found))


def test_keys_of_fault_scripts() -> None:
    assert tuple(names(FAULTS, "Key")) == fault_scripts.KEYS


def test_faults() -> None:
    """Each fault is a readable script, with the effect on the request beside it."""
    shown = {
        fault_scripts.parse(word)[0].kind: row["The request"]
        for row in table(FAULTS, "Fault").rows
        for word in code_words(row["Fault"])
    }

    assert list(shown) == list(FaultKind)
    assert {kind for kind, request in shown.items() if request == "not carried out"} == PREVENTING


def test_public_names_of_the_mock() -> None:
    assert sorted(names(MOCK, "Name")) == sorted(axtasks.mock.__all__)


def test_names_that_sphinx_describes_exist() -> None:
    """Every name for Sphinx can be imported, with each listed member."""
    blocks = "\n".join(block.text for block in MOCK.blocks if block.kind == "{eval-rst}")
    described = re.findall(r"^\.\. auto\w+:: ([\w.]+)\n((?:   .*\n?)*)", blocks, re.MULTILINE)

    assert {name.rpartition(".")[2] for name, _ in described} >= set(names(MOCK, "Name"))
    for name, options in described:
        home, _, short = name.rpartition(".")
        value = getattr(import_module(home), short)
        members = re.findall(r":(?:exclude-)?members: (.+)", options)
        assert [
            each
            for line in members
            for each in line.split(", ")
            if not hasattr(value, each) and each not in get_annotations(value)
        ] == [], name


def test_fixtures(request: pytest.FixtureRequest) -> None:
    """The tables have every fixture of the plugin, and every option of its marker."""
    plugin = request.config.pluginmanager.get_plugin("ax_tasks")
    offered = [name for name, value in vars(plugin).items() if isinstance(value, FixtureFunctionDefinition)]

    assert sorted(names(MOCK, "Fixture")) == sorted(offered)
    assert names(MOCK, "Option") == [field.name for field in fields(WorldOptions)]

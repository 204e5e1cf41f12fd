"""Tests of the explanations' statements about files, folders and figures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.bench.trace import trace_mock, trace_trigger
from tests.docs.pages import ROOT, code_words, page
from tests.docs.shell import make_targets

if TYPE_CHECKING:
    from pathlib import Path

    from tests.docs.pages import Page

ARCHITECTURE, TESTING = page("explanation/architecture"), page("explanation/testing")
FACADE = ROOT / "facade" / "axtasks"
CLIENT, MOCK = "One request through the client", "One request through the mock"


def named_files(heading: str) -> list[str]:
    """Return the modules that a section of the architecture names, in order."""
    return [word for word in code_words(ARCHITECTURE.section(heading)) if word.endswith(".py")]


def test_the_way_of_a_request_through_the_client() -> None:
    """A second trigger by names runs through these files in this order, but for the one that follows a failure."""
    calls = iter(file for file, _ in trace_trigger().calls)

    assert [file for file in named_files(CLIENT) if file != "engine/retry.py" and file not in calls] == []


def test_the_way_of_a_request_through_the_mock() -> None:
    """A trigger runs through these files, but for those that only a fault, a refusal or a state file needs."""
    elsewhere = {"faults/effects.py", "problems.py", "storage.py"}

    assert set(named_files(MOCK)) - elsewhere <= set(trace_mock().files)


@pytest.mark.parametrize(
    ("heading", "folder"),
    [(CLIENT, FACADE), ("One logic, two drivers", FACADE)]
    + [(heading, FACADE / "mock") for heading in (MOCK, "Three ways into the mock", "What the mock knows")],
)
def test_modules_that_are_named_are_there(heading: str, folder: Path) -> None:
    paths = [word for word in code_words(ARCHITECTURE.section(heading)) if re.fullmatch(r"[\w/]+(?:\.py|/)", word)]

    assert paths
    assert [path for path in paths if not (folder / path).exists()] == []


def test_folders_of_the_project() -> None:
    folders, layers = [block.text for block in ARCHITECTURE.blocks if block.kind == "text" and not block.shown]

    assert [line for line in folders.splitlines() if not (ROOT / line.split()[0]).exists()] == []
    assert "mock ──► openapi.json" in layers


def test_every_suite_is_explained() -> None:
    (table,) = TESTING.tables
    suites = {f"tests/{path.name}" for path in (ROOT / "tests").iterdir() if path.is_dir() and path.name[0] not in "._"}

    assert {word for row in table.rows for word in code_words(row["Folder"])} == suites


@pytest.mark.parametrize("of", [ARCHITECTURE, TESTING, page("explanation/generator")], ids=str)
def test_make_targets_that_are_named_are_there(of: Page) -> None:
    mentioned = set(re.findall(r"`make ([a-z0-9-]+)", of.prose))

    assert mentioned
    assert mentioned <= set(make_targets())

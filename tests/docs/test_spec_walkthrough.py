"""Tests of the walk-throughs in docs/explanation/following.md, carried out in a checkout of their own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.docs.pages import ROOT, code_words, page

if TYPE_CHECKING:
    from pathlib import Path

FOLLOWING, GENERATOR = page("explanation/following"), page("explanation/generator")
COPIED = ("spec", "facade", "generated", "docs")
COMMANDS = {"make generate": "spec.generator", "make spec-diff": "spec.diff"}
# What tells quickly whether all parts know what the contract has, and what it needs.
SUITE = ("test_complete.py", "test_dialects.py", "test_overlays.py", "test_beta_facts.py")
SUPPORT = ("conftest.py", "examples.py", "rows.py")


class Walk(NamedTuple):
    """One walk-through."""

    title: str
    diffs: list[str]
    console: str
    python: str
    by_hand: str

    @property
    def files_by_hand(self) -> list[str]:
        """The files and folders that have to be edited."""
        first = self.by_hand.partition(".\n")[0] if self.by_hand.startswith(("a ", "`")) else ""
        return re.findall(r"`(facade/[\w/.]+)`", first)


def walks() -> list[Walk]:
    """Return the sections of the page that have steps to carry out."""
    found = []
    for section in re.split(r"^## ", FOLLOWING.text, flags=re.MULTILINE)[1:]:
        blocks = re.findall(r"^```\{code-block\} (\w+)\n(.*?)^```$", section, flags=re.MULTILINE | re.DOTALL)
        # Sphinx needs an empty line above a diff: else `---` begins its options.
        texts = [(kind, text.lstrip("\n")) for kind, text in blocks]
        of_kind = {kind: [text for named, text in texts if named == kind] for kind in ("diff", "console", "python")}
        (console,), (python,) = of_kind["console"], of_kind["python"]
        by_hand = section.partition("\nBy hand: ")[2]
        assert by_hand
        found.append(Walk(section.partition("\n")[0], of_kind["diff"], console, python, by_hand))
    return found


WALKS = walks()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a checkout with one commit."""
    for folder in COPIED:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    tests = tmp_path / "tests" / "contract"
    tests.mkdir(parents=True)
    for name in (*SUITE, *SUPPORT):
        shutil.copyfile(ROOT / "tests" / "contract" / name, tests / name)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib\n", encoding="utf-8")
    git = ["git", "-C", str(tmp_path), "-c", "user.name=T", "-c", "user.email=t@example.com"]
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "All"]):
        subprocess.run([*git, *command], check=True, capture_output=True)
    return tmp_path


def run(checkout: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the checkout, with its packages before those that are installed."""
    paths = os.pathsep.join(str(checkout / folder) for folder in (".", "facade", "generated"))
    environment = {**os.environ, "PYTHONPATH": paths, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(
        [sys.executable, *command], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )


def edit(checkout: Path, diff: str) -> None:
    """Apply a diff of the page."""
    head, _, body = diff.partition("\n")
    file = checkout / head.removeprefix("--- ")
    lines = body.splitlines()
    old = "\n".join(line[1:] for line in lines if line[0] in " -")
    new = "\n".join(line[1:] for line in lines if line[0] in " +")
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"the page changes what {file.name} has {text.count(old)} times:\n{old}"
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.programs
def test_the_walk_throughs_show_what_happens(checkout: Path) -> None:
    """Edits, commands with their output, files to edit by hand, and Python code are all carried out together."""
    for diff in (diff for walk in WALKS for diff in walk.diffs):
        edit(checkout, diff)

    said = {}
    for command, module in COMMANDS.items():
        finished = run(checkout, "-m", module)
        assert finished.returncode == 0 or "unexpected" in finished.stdout, finished.stderr
        said[command] = finished.stdout
    assert missing(said) == []

    # Comparing the contracts of releases takes as long as all else, and tells nothing of the edits.
    suite = run(checkout, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=line", "-m", "not programs", "tests")
    failures = [line for line in suite.stdout.splitlines() if re.search(r"^E   .*Error: ", line)]
    named = [name for line in failures for name in re.findall(r"facade/axtasks/[\w/.]*?(?:\w\.py|/)(?= )", line)]
    # Each is named once, by the one walk-through that says so.
    assert sorted(named) == sorted(name for walk in WALKS for name in walk.files_by_hand), suite.stdout
    assert f"{len(named)} failed" in suite.stdout, suite.stdout

    python = run(checkout, "-c", "\n".join(walk.python for walk in WALKS))
    assert python.returncode == 0, python.stderr


def missing(said: dict[str, str]) -> list[str]:
    """Return the lines of shown output that the actual output lacks."""
    found, command = [], ""
    for line in (line for walk in WALKS for line in walk.console.splitlines()):
        if line.startswith("$ "):
            command = line[2:]
        elif line not in said[command].splitlines():
            found.append(line)
    return found


def test_every_block_is_part_of_a_walk_through() -> None:
    """Blocks that Sphinx only shows are carried out here."""
    shown = [block.text for block in FOLLOWING.blocks]
    walked = [text for walk in WALKS for text in (*walk.diffs, walk.console, walk.python)]

    assert [text.strip() for text in walked] == [text.strip() for text in shown]


def test_every_file_of_the_contract_is_explained() -> None:
    """This covers folders and files of spec/, but for modules behind a command."""
    (table,) = GENERATOR.tables
    beside = {path.name + "/" * path.is_dir() for path in (ROOT / "spec").iterdir()}
    told = {name for row in table.rows for name in code_words(row["Here"])}
    commands = {"watch.py", "published.py", "published.yaml", "README.md", "__pycache__/"}

    assert told == beside - commands

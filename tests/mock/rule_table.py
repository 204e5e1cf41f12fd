"""The part of the mock's README.md that its tests write: which of them hold which operation to which rule."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from axtasks.mock.contract import contract

from tests.docs.pages import ROOT
from tests.docs.written import renewed
from tests.mock import rule_report
from tests.mock.rule_report import NOTE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from tests.mock.rule_report import Noted

PAGE = ROOT / "facade" / "axtasks" / "mock" / "README.md"
FOLDER = Path(__file__).parent
MARKED = re.compile(r"mark\.rule\(|\.parameters\(\)")
ROW = re.compile(r"^\| `(\w+)` \| ([BC]\d+) \| (.+) \|$", flags=re.MULTILINE)
BETWEEN = "; "


class RuleTest(NamedTuple):
    """A test of a rule, as it is written.

    Attributes:
        rule: the rule's identifier.
        title: the name of the test, in words.
        function: what pytest runs.
    """

    rule: str
    title: str
    function: Callable[..., object]


@cache
def rule_tests() -> tuple[RuleTest, ...]:
    """Read the tests of all rules off their marks, in the order in which pytest would collect them."""
    found: dict[tuple[str, str], RuleTest] = {}
    for file in sorted(FOLDER.rglob("test_*.py")):
        if not MARKED.search(file.read_text(encoding="utf-8")):
            continue
        module = importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
        for name, function in vars(module).items():
            if name.startswith("test_"):
                for rule, case in _proved(function):
                    title = rule_report.in_words(file.stem, name, case)
                    found.setdefault((rule, title), RuleTest(rule, title, function))
    return tuple(found.values())


def _proved(function: Callable[..., object]) -> Iterator[tuple[str, object]]:
    """Go through the rules that a test function is marked with, and with each the case it is for, if any."""
    for mark in getattr(function, "pytestmark", ()):
        if mark.name == NOTE:
            yield from ((rule, None) for rule in mark.args)
        elif mark.name == "parametrize":
            for each in mark.args[1]:
                for inner in getattr(each, "marks", ()):
                    yield from ((rule, each.values[0]) for rule in inner.args if inner.name == NOTE)


@cache
def operations_on_the_page() -> dict[tuple[str, str], frozenset[str]]:
    """Read off the page which operations each test of a rule, named by rule and title, asks for."""
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for operation, rule, titles in ROW.findall(PAGE.read_text(encoding="utf-8")):
        for title in titles.replace("&#124;", "|").split(BETWEEN):
            found[rule, title].add(operation)
    return {key: frozenset(operations) for key, operations in found.items()}


def check(rule: str, title: str, operations: AbstractSet[str]) -> None:
    """Fail unless the page says of a test that it asks for the operations which it has asked for."""
    told = operations_on_the_page().get((rule, title), frozenset())
    message = f"{PAGE.relative_to(ROOT)} has other operations for {rule}, {title!r}: `make docs` renews it"
    assert operations == told, message


def noted() -> list[Noted]:
    """What a test session of its own has to tell of the rules' tests.

    Raises:
        RuntimeError: a test failed, or there was none.
    """
    command = [sys.executable, "-m", "pytest", "-q", "-m", "rule", "-p", "no:xdist", "-p", "no:cacheprovider"]
    # The session may be started by a test: nothing of the outer session is meant for it.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "noted.json"
        done = subprocess.run(
            [*command, "--rules-to", str(file), "tests/mock"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        return rule_report.read(file)


def table(found: Iterable[Noted]) -> str:
    """A row for each operation and rule, with the tests in which the one is held to the other."""
    tests: defaultdict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for each in found:
        for operation in each.operations:
            tests[operation, each.rule][each.test] = None
    rows = [
        f"| `{operation}` | {rule} | {BETWEEN.join(tests[operation, rule]).replace('|', '&#124;')} |"
        for operation in contract.of(contract.BETA).operations
        for rule in rule_report.rules()
        if (operation, rule) in tests
    ]
    return "\n".join(["| Operation | Rule | Tests |", "| --- | --- | --- |", *rows])


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8"), table(noted())), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)} is what the tests say\n")

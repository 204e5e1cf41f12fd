"""The generated part of the mock's README.md: the tests of each operation and rule."""

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

    from tests.mock.rule_report import RuleResult

PAGE = ROOT / "facade" / "axtasks" / "mock" / "README.md"
FOLDER = Path(__file__).parent
MARKED = re.compile(r"mark\.rule\(|\.parameters\(\)")
ROW = re.compile(r"^\| `(\w+)` \| ([BC]\d+) \| (.+) \|$", flags=re.MULTILINE)
BETWEEN = "; "


class RuleTest(NamedTuple):
    """A test of a rule, as it stands in the source.

    Attributes:
        rule: the id of the rule.
        title: the title of the test.
        function: the test function.
    """

    rule: str
    title: str
    function: Callable[..., object]


@cache
def rule_tests() -> tuple[RuleTest, ...]:
    """Return the tests of all rules, in pytest's order of collection."""
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
    """Yield the rules of a test function, each with its case or None."""
    for mark in getattr(function, "pytestmark", ()):
        if mark.name == NOTE:
            yield from ((rule, None) for rule in mark.args)
        elif mark.name == "parametrize":
            for each in mark.args[1]:
                for inner in getattr(each, "marks", ()):
                    yield from ((rule, each.values[0]) for rule in inner.args if inner.name == NOTE)


@cache
def operations_on_the_page() -> dict[tuple[str, str], frozenset[str]]:
    """Return the operations on the page, by the rule and the title of a test."""
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for operation, rule, titles in ROW.findall(PAGE.read_text(encoding="utf-8")):
        for title in titles.replace("&#124;", "|").split(BETWEEN):
            found[rule, title].add(operation)
    return {key: frozenset(operations) for key, operations in found.items()}


def check(rule: str, title: str, operations: AbstractSet[str]) -> None:
    """Fail unless the page has exactly these operations for a test."""
    told = operations_on_the_page().get((rule, title), frozenset())
    message = f"{PAGE.relative_to(ROOT)} has other operations for {rule}, {title!r}: `make docs` renews it"
    assert operations == told, message


def run_rule_tests() -> list[RuleResult]:
    """Run the rules' tests in a session of their own, and return their results.

    Raises:
        RuntimeError: a test failed, or there was none.
    """
    command = [sys.executable, "-m", "pytest", "-q", "-m", "rule", "-p", "no:xdist", "-p", "no:cacheprovider"]
    # The session may be started by a test: it takes no settings of the outer session.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "results.json"
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


def table(found: Iterable[RuleResult]) -> str:
    """Return the table: a row for each operation and rule, with the titles of its tests."""
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
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8"), table(run_rule_tests())), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)} is what the tests say\n")

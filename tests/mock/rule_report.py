"""Results of the rules' tests: by rule and door, and the operations that they called."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest

    from tests.mock.doors import Door

RULES = Path(__file__).parents[2] / "docs" / "reference" / "rules.md"
NOTE = "rule"


@dataclass(frozen=True)
class RuleResult:
    """The result of one test of a rule.

    Attributes:
        rule: the id of the rule.
        door: the door of the test.
        test: its title.
        operations: the operations that it called.
        passed: true if the test passed.
    """

    rule: str
    door: str
    test: str
    operations: tuple[str, ...]
    passed: bool = True


@runtime_checkable
class Titled(Protocol):
    """A case with a title of its own."""

    @property
    def title(self) -> str:
        """The title."""
        ...


def rules() -> list[str]:
    """Return the ids of all rules, in the order of their page."""
    return re.findall(r"^\| ([BC]\d+) \|", RULES.read_text(encoding="utf-8"), flags=re.MULTILINE)


def note(test: pytest.Function, door: Door) -> None:
    """Attach the result of a rule's test to it, so that it passes between processes with the outcome."""
    for rule in proved(test):
        noted = RuleResult(rule, door.name, title(test), tuple(sorted(door.operations)))
        test.user_properties.append((NOTE, json.dumps(asdict(noted))))


def proved(test: pytest.Item) -> list[str]:
    """Return the rules that a test is marked with."""
    return [rule for mark in test.iter_markers("rule") for rule in mark.args]


def title(test: pytest.Function) -> str:
    """Return the title of a test: that of its case, or the names of its module and function in words."""
    case = test.callspec.params.get("case") if hasattr(test, "callspec") else None
    return in_words(test.path.stem, test.originalname, case)


def in_words(module: str, function: str, case: object) -> str:
    """Return the title of a test function, or of a case of it that has one."""
    if isinstance(case, Titled):
        return case.title
    return f"{module}: {function.removeprefix('test_').replace('_', ' ')}"


def matrix(noted: Iterable[RuleResult], doors: Iterable[str]) -> list[str]:
    """Return a table of rules by doors with the number of passed and failed tests, or a dash for none."""
    doors = list(doors)
    passed, failed = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for each in noted:
        (passed if each.passed else failed)[each.rule, each.door] += 1

    def cell(key: tuple[str, str]) -> str:
        if failed[key]:
            return f"{failed[key]} of {failed[key] + passed[key]} FAILED"
        return f"{passed[key]} passed" if passed[key] else "-"

    rows = [["rule", *doors], *([rule, *(cell((rule, door)) for door in doors)] for rule in rules())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]


class RuleReport:
    """Pytest plugin that collects the results of the rules' tests, and shows or writes them."""

    def __init__(self, shown: bool, to: Path | None) -> None:
        self._shown = shown
        self._to = to
        self._noted: list[RuleResult] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collect the results that are attached to a test, with its outcome."""
        if report.when == "call":
            notes = [json.loads(str(value)) for name, value in report.user_properties if name == NOTE]
            self._noted += [RuleResult(**{**each, "passed": report.passed}) for each in notes]

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Show the table, and write the results."""
        if self._to is not None:
            self._to.write_text(json.dumps([asdict(each) for each in self._noted]), encoding="utf-8")
        if self._shown:
            terminalreporter.section("rules at the doors")
            for line in matrix(self._noted, sorted({each.door for each in self._noted})):
                terminalreporter.line(line)


def read(path: Path) -> list[RuleResult]:
    """Read a file that `--rules-to` has written."""
    written = json.loads(path.read_text(encoding="utf-8"))
    return [RuleResult(**{**each, "operations": tuple(each["operations"])}) for each in written]

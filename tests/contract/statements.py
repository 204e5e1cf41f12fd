"""The statements of the five documents with their tests, read from `statements.toml` and shown.

`make statements` shows them, so that a reader can follow a document sentence by sentence and row by row. Tests are
looked for in the source alone, so that neither showing nor checking the table runs one of them.
"""

from __future__ import annotations

import ast
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).parents[2]
TABLE = Path(__file__).with_name("statements.toml")
DECISIONS = ROOT / "docs" / "explanation" / "decisions.md"
DOCUMENTS = {
    "trigger": "the REST page on triggering a run",
    "create": "the REST page on creating a task",
    "update": "the REST page on updating a task",
    "sdk": "the page of the Python SDK",
    "cli": "the page of the command line",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a document, with the test that holds it or the decision against it."""

    document: str
    number: str
    place: str
    statement: str
    test: str | None = None
    decision: str | None = None

    @property
    def id(self) -> str:
        """The document and the number of the statement, such as `cli-12`."""
        return f"{self.document}-{self.number}"


@dataclass(frozen=True, slots=True)
class Source:
    """A test file: its tests, and its texts that may be the id of a case."""

    tests: frozenset[str]
    texts: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]

    def has_case(self, case: str) -> bool:
        """Return True if a text of the file is the case, or an f-string of the file can be."""
        return case in self.texts or any(pattern.fullmatch(case) for pattern in self.patterns)


def read_statements() -> list[Statement]:
    """Read the table, in the order of the file; TOML itself refuses an id that stands twice."""
    with TABLE.open("rb") as file:
        table: dict[str, dict[str, dict[str, str]]] = tomllib.load(file)
    return [Statement(document, number, **row) for document, rows in table.items() for number, row in rows.items()]


def decision_ids() -> set[str]:
    """Return the ids of all decisions in `docs/explanation/decisions.md`."""
    return set(re.findall(r"^### ([JID]\d+)\. ", DECISIONS.read_text(encoding="utf-8"), flags=re.MULTILINE))


def missing_part(test: str) -> str | None:
    """Return the part of a node id that does not exist, or None where all of it does.

    Args:
        test: a node id, with a case in brackets or none.
    """
    node, has_case, case = test.partition("[")
    path, _, name = node.partition("::")
    if not (ROOT / path).is_file():
        return f"there is no file {path}"
    source = read_source(path)
    if name not in source.tests:
        return f"{path} has no test {name}"
    if has_case and not source.has_case(case.removesuffix("]")):
        return f"{path} has no case {case.removesuffix(']')!r}"
    return None


@cache
def read_source(path: str) -> Source:
    """Parse a file of tests, by its path below the root of the project."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    nodes = list(ast.walk(tree))
    # The parts of an f-string are no texts of their own.
    inside = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    texts = [
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside
    ]
    patterns = [_pattern(node) for node in nodes if isinstance(node, ast.JoinedStr)]
    return Source(frozenset(_test_names(tree.body)), frozenset(texts), tuple(filter(None, patterns)))


def _test_names(body: Iterable[ast.stmt], prefix: str = "") -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _test_names(node.body, f"{prefix}{node.name}::")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            yield f"{prefix}{node.name}"


def _pattern(text: ast.JoinedStr) -> re.Pattern[str] | None:
    """Return a pattern for the values of an f-string, or None where it has no fixed word."""
    fixed = [str(part.value) if isinstance(part, ast.Constant) else None for part in text.values]
    if not any(part is not None and re.search(r"\w", part) for part in fixed):
        return None
    return re.compile("".join(".+" if part is None else re.escape(part) for part in fixed), flags=re.DOTALL)


def table_of(statements: Iterable[Statement]) -> str:
    """Write the statements as text, grouped by document, with counts.

    Args:
        statements: those of a document follow each other.
    """
    lines: list[str] = []
    total = against = 0
    for document, group in groupby(statements, key=lambda each: each.document):
        rows = list(group)
        decided = sum(row.decision is not None for row in rows)
        total, against = total + len(rows), against + decided
        lines += [f"{document}: {DOCUMENTS[document]}; {_counts(len(rows), decided)}", ""]
        for row in rows:
            held = row.test or f"decided against: {row.decision} in docs/explanation/decisions.md"
            lines += [f"  {row.id:<12} {row.place}", f"  {'':<12} {row.statement}", f"  {'':<12} {held}", ""]
    return "\n".join([*lines, f"all; {_counts(total, against)}"])


def _counts(statements: int, decided: int) -> str:
    return f"statements: {statements}, decided against: {decided}"


if __name__ == "__main__":
    print(table_of(read_statements()))

"""README.md as data: its fenced blocks and its tables, each with the section it stands in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
TEXT = README.read_text(encoding="utf-8")


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
        section: the nearest heading above it.
        kind: the word after the fence.
        line: the line its first line of text is in.
        text: what stands between the fences.
        output: what is shown as its output: the text of a `text` block right below; None where there is none.
        shown: whether it is itself such an output.
    """

    section: str
    kind: str
    line: int
    text: str
    output: str | None = None
    shown: bool = False

    def __str__(self) -> str:
        return f"{self.section}, line {self.line}"


@dataclass(frozen=True)
class Table:
    """A table: the section it stands in, its header, and its rows as texts by column."""

    section: str
    header: tuple[str, ...]
    rows: tuple[dict[str, str], ...]


_FENCE = re.compile(r"^```(.*)$")
# What makes blocks: these have an output, and a `text` block right below one of them is it.
_WITH_OUTPUT = ("python", "sh")


def blocks() -> list[Block]:
    """All blocks of the page in their order."""
    found: list[Block] = []
    section, kind, begun, lines = "", None, 0, list[str]()
    ended = -2
    for number, line in enumerate(TEXT.splitlines(), start=1):
        fence = _FENCE.match(line)
        if kind is not None:
            if not fence:
                lines.append(line)
                continue
            text = "\n".join(lines)
            # One blank line lies between what is run and what it shows.
            is_output = kind == "text" and begun - ended == 2 and found[-1].kind in _WITH_OUTPUT
            if is_output:
                last = found[-1]
                found[-1] = Block(last.section, last.kind, last.line, last.text, output=text)
            found.append(Block(section, kind, begun + 1, text, shown=is_output))
            kind, ended = None, number
        elif fence:
            kind, begun, lines = fence[1], number, []
        elif line.startswith("#"):
            section = line.lstrip("#").strip()
    return found


def tables() -> list[Table]:
    """All tables of the page in their order."""
    found: list[Table] = []
    section = ""
    rows: list[tuple[str, ...]] = []
    for line in [*prose().splitlines(), ""]:
        if line.startswith("|"):
            rows.append(tuple(cell.strip() for cell in line.strip("|").split("|")))
            continue
        if rows:
            header, _, *body = rows
            found.append(Table(section, header, tuple(dict(zip(header, row, strict=True)) for row in body)))
            rows = []
        if line.startswith("#"):
            section = line.lstrip("#").strip()
    return found


def prose() -> str:
    """The page without its blocks."""
    return re.sub(r"^```.*?^```$", "", TEXT, flags=re.MULTILINE | re.DOTALL)


def section(heading: str) -> str:
    """What stands below a heading, without blocks, up to the next heading."""
    found = re.search(rf"^#+ {re.escape(heading)}$(.*?)(?=^#|\Z)", prose(), flags=re.MULTILINE | re.DOTALL)
    assert found, heading
    return found[1]


def code_words(text: str) -> list[str]:
    """What stands in backquotes in a text."""
    return re.findall(r"`([^`]+)`", text)

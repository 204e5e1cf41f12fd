"""The pages as data: README.md and those below docs/, each with its blocks, tables and prose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
WITH_OUTPUT = ("python", "python interop", "python recipes", "sh", "bash")
"""The kinds of blocks that are run: a `text` block right below is their output."""

_FENCE = re.compile(r"^(```+|:::+)(.*)$")
_BLOCK = re.compile(r"^(```+|:::+).*?^\1$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_GENERATED = re.compile(r"<!-- [^\n]*written by `make docs`.*?<!-- [^\n]*ends here\. -->", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
        page: the path of its page below the root.
        section: the nearest heading above it.
        kind: the word after the fence, such as `python`.
        line: the number of the first line of its text.
        text: the text between the fences.
        output: the text of a `text` block right below one that is run; None where there is none.
        shown: True if it is itself such an output.
    """

    page: str
    section: str
    kind: str
    line: int
    text: str
    output: str | None = None
    shown: bool = False

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


@dataclass(frozen=True)
class Table:
    """A table: the section it stands in, its header, and its rows as texts by column."""

    section: str
    header: tuple[str, ...]
    rows: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class Page:
    """A page, by its path."""

    path: Path

    def __str__(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def text(self) -> str:
        """The whole text."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def prose(self) -> str:
        """The page without its blocks and comments."""
        return _COMMENT.sub("", _BLOCK.sub("", self.text))

    @cached_property
    def written(self) -> str:
        """The hand-written prose, without generated parts between two comments."""
        return _COMMENT.sub("", _BLOCK.sub("", _GENERATED.sub("", self.text)))

    @cached_property
    def blocks(self) -> list[Block]:
        """All fenced blocks in their order."""
        found: list[Block] = []
        section, kind, mark, begun, lines = "", None, "", 0, list[str]()
        ended = -2
        for number, line in enumerate(self.text.splitlines(), start=1):
            fence = _FENCE.match(line)
            if kind is not None:
                if line != mark:
                    lines.append(line)
                    continue
                text = "\n".join(lines)
                # One blank line lies between what is run and what it shows.
                is_output = kind == "text" and begun - ended == 2 and found[-1].kind in WITH_OUTPUT
                if is_output:
                    last = found[-1]
                    found[-1] = Block(last.page, last.section, last.kind, last.line, last.text, output=text)
                found.append(Block(str(self), section, kind, begun + 1, text, shown=is_output))
                kind, ended = None, number
            elif fence:
                mark, kind = fence[1], fence[2].strip()
                begun, lines = number, []
            elif line.startswith("#"):
                section = line.lstrip("#").strip()
        return found

    @cached_property
    def tables(self) -> list[Table]:
        """All tables in their order."""
        found: list[Table] = []
        section = ""
        rows: list[tuple[str, ...]] = []
        for line in [*self.prose.splitlines(), ""]:
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

    def section(self, heading: str) -> str:
        """Return the text below a heading, without blocks, up to the next heading."""
        found = re.search(rf"^#+ {re.escape(heading)}$(.*?)(?=^#|\Z)", self.prose, flags=re.MULTILINE | re.DOTALL)
        assert found, heading
        return found[1]


README = Page(ROOT / "README.md")
PAGES = [README, *(Page(path) for path in sorted(DOCS.rglob("*.md")) if "_build" not in path.parts)]


def page(name: str) -> Page:
    """Return the page of a path below docs/, without its suffix."""
    return Page(DOCS / f"{name}.md")


def code_words(text: str) -> list[str]:
    """Return the words in backquotes in a text."""
    return re.findall(r"`([^`]+)`", text)

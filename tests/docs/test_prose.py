"""Tests of the pages' prose: length of sentences, paragraphs and lines, and a first sentence for the reader."""

from __future__ import annotations

import re
from statistics import median

import pytest

from tests.docs.pages import DOCS, PAGES, Page

MOST_WORDS_IN_PARAGRAPH = 100
MOST_WORDS_IN_SENTENCE = 35
MEDIAN_WORDS_IN_SENTENCE = 18
MOST_COLUMNS = 120
LINK = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")
ITEM = re.compile(r"^\s*(?:[-*]|\d+\.|:)\s+")
SENTENCE_ENDS = re.compile(r"(?<=[.!?:])[\"')*]*\s+(?=[A-Z`\"'(*])")
WRITTEN = [page for page in PAGES if page.path.stem not in {"changelog", "index"}]


def paragraphs(page: Page) -> list[str]:
    """Return the paragraphs and the items of lists, each on one line."""
    found: list[str] = []
    text = LINK.sub(r"\1", page.written)
    for chunk in re.split(r"\n\s*\n", text):
        lines: list[str] = []
        for line in chunk.splitlines():
            if ITEM.match(line) and lines:
                found.append(" ".join(lines))
                lines = []
            lines.append(ITEM.sub("", line).strip())
        found.append(" ".join(lines))
    return [each for each in found if each and not each.startswith(("#", "|", "```"))]


def sentences(page: Page) -> list[str]:
    """Return the sentences of a page."""
    return [each for paragraph in paragraphs(page) for each in SENTENCE_ENDS.split(paragraph)]


def words(text: str) -> int:
    """Return the number of words; a code span counts as one."""
    return len(re.sub(r"`[^`]+`", "code", text).split())


@pytest.mark.parametrize("page", WRITTEN, ids=str)
def test_paragraphs_are_short(page: Page) -> None:
    assert [each for each in paragraphs(page) if words(each) > MOST_WORDS_IN_PARAGRAPH] == []


@pytest.mark.parametrize("page", WRITTEN, ids=str)
def test_sentences_are_short(page: Page) -> None:
    assert [each for each in sentences(page) if words(each) > MOST_WORDS_IN_SENTENCE] == []


def test_half_of_all_sentences_are_shorter_still() -> None:
    lengths = [words(each) for page in WRITTEN for each in sentences(page)]

    assert median(lengths) <= MEDIAN_WORDS_IN_SENTENCE


@pytest.mark.parametrize("page", [page for page in WRITTEN if DOCS in page.path.parents], ids=str)
def test_a_page_begins_with_its_reader(page: Page) -> None:
    """The first paragraph names the reader of the page."""
    assert re.match(r"(For|You) ", paragraphs(page)[0]), paragraphs(page)[0]


@pytest.mark.parametrize("page", WRITTEN, ids=str)
def test_lines_are_as_wide_as_those_of_the_code(page: Page) -> None:
    """Rows of tables may be longer, as they cannot be broken."""
    long = [line for line in page.written.splitlines() if len(line) > MOST_COLUMNS and not line.startswith("|")]

    assert long == []

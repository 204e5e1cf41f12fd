"""Tests of the pages on commands and exit codes against the program."""

from __future__ import annotations

import pytest

from tests.docs.cli_reference import WRITTEN
from tests.docs.written import BEGIN, END, renewed

IDS = [str(page) for page, *_ in WRITTEN]


@pytest.mark.parametrize("number", range(len(WRITTEN)), ids=IDS)
def test_the_page_is_what_the_program_says(number: int) -> None:
    """`make docs` would change nothing."""
    page, write, begin = WRITTEN[number]

    assert renewed(page.text, write(), begin=begin) == page.text


@pytest.mark.parametrize("page", ["", BEGIN, f"{END}{BEGIN}"], ids=["no marks", "one mark", "marks the wrong way"])
def test_a_page_without_marks_is_refused(page: str) -> None:
    """A page without its marks is never overwritten."""
    with pytest.raises(ValueError, match="lost one of its marks"):
        renewed(page, "")

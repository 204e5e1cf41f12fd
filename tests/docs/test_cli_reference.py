"""The pages about commands and exit codes are what the program says."""

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
    """Nothing is written over a page whose marks are lost."""
    with pytest.raises(ValueError, match="lost one of its marks"):
        renewed(page, "")

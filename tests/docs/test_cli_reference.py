"""The command line's part of README.md is what the program says."""

from __future__ import annotations

import pytest

from tests.docs.cli_reference import reference
from tests.docs.readme import TEXT
from tests.docs.written import BEGIN, END, renewed


def test_the_page_is_what_the_program_says() -> None:
    """`make docs` would change nothing."""
    assert renewed(TEXT, reference()) == TEXT


@pytest.mark.parametrize("page", ["", BEGIN, f"{END}{BEGIN}"], ids=["no marks", "one mark", "marks the wrong way"])
def test_a_page_without_marks_is_refused(page: str) -> None:
    """Nothing is written over a page whose marks are lost."""
    with pytest.raises(ValueError, match="lost one of its marks"):
        renewed(page, "")

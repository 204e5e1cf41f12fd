"""Tests of the table of retries, lookups and errors against the client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.docs.policy_table import BEGIN, END, PAGES, renewed

if TYPE_CHECKING:
    from tests.docs.pages import Page


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_the_table_is_what_a_client_does(page: Page) -> None:
    """`make docs` would change nothing."""
    assert renewed(page.text) == page.text


@pytest.mark.parametrize("text", ["", BEGIN, f"{END}{BEGIN}"], ids=["no marks", "one mark", "marks the wrong way"])
def test_a_page_without_marks_is_refused(text: str) -> None:
    """A page without its marks is never overwritten."""
    with pytest.raises(ValueError, match="lost one of its marks"):
        renewed(text)

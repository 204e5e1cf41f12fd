"""The table on README.md of what is sent again, looked for and raised is what a client does."""

from __future__ import annotations

import pytest

from tests.docs.policy_table import BEGIN, END, renewed
from tests.docs.readme import TEXT


def test_the_table_is_what_a_client_does() -> None:
    """`make docs` would change nothing."""
    assert renewed(TEXT) == TEXT


@pytest.mark.parametrize("page", ["", BEGIN, f"{END}{BEGIN}"], ids=["no marks", "one mark", "marks the wrong way"])
def test_a_page_without_marks_is_refused(page: str) -> None:
    """Nothing is written over a page whose marks are lost."""
    with pytest.raises(ValueError, match="lost one of its marks"):
        renewed(page)

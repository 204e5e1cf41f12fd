"""What is kept of the cursors that were followed."""

from __future__ import annotations

import pytest
from axtasks.pagination.cursor import DIGEST_BYTES, Cursors, _digest


@pytest.mark.parametrize("cursor", ["", "a", "a" * 10_000, "é", "\ud800"], ids=["empty", "a", "long", "é", "half"])
def test_a_cursor_is_there_once_it_was_added(cursor: str) -> None:
    """Whatever text a server has for a cursor, it is known again, and no other is."""
    cursors = Cursors()
    cursors.add("another")
    assert cursor not in cursors

    cursors.add(cursor)

    assert cursor in cursors
    assert f"{cursor}." not in cursors
    assert len(cursors) == 2


def test_a_digest_across_two_others_is_none() -> None:
    """Bytes that only look like a digest, being parts of two, are not taken for a cursor; behind them it is found."""
    cursors = Cursors()
    digest = _digest("next")
    cursors._digests += b"0" * (DIGEST_BYTES - 3) + digest + b"1" * 3

    assert "next" not in cursors

    cursors.add("next")

    assert "next" in cursors


def test_what_is_kept_does_not_grow_with_the_length_of_cursors() -> None:
    """A thousand cursors of a thousand characters take a few bytes each."""
    cursors = Cursors()
    for number in range(1000):
        cursors.add(f"{number:01000d}")

    assert len(cursors) == 1000
    assert len(cursors._digests) == 1000 * DIGEST_BYTES

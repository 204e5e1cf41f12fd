"""The decision whether a client could have resolved its doubt."""

from __future__ import annotations

import pytest

from tests.model.chaos.exchanges import Json, is_decidable

DONE = "fault=accept-then-drop"


def exchanges(*described: tuple[str, int, str | None]) -> list[Json]:
    """Return exchanges as a journal shows them.

    Args:
        described: the method, status and fault of each.
    """
    return [
        {"number": number, "method": method, "status": status, "fault": fault}
        for number, (method, status, fault) in enumerate(described)
    ]


@pytest.mark.parametrize(
    ("described", "has_effect", "is_shown", "is_needless"),
    [
        ([("POST", 201, DONE), ("GET", 200, None)], True, True, True),
        ([("POST", 201, DONE)], True, True, True),
        ([("POST", 429, "fault=status:429")], False, True, True),
        ([("POST", 201, DONE), ("GET", 200, "fault=delay:0s")], True, True, True),
        ([("POST", 201, DONE), ("GET", 200, "fault=delay:86400s")], True, True, False),
        ([("POST", 201, DONE), ("GET", 502, "fault=status:502")], True, True, False),
        ([("POST", 502, "fault=status:502"), ("GET", 200, None)], False, True, False),
        ([("POST", 200, "fault=empty"), ("GET", 200, None)], False, True, False),
        ([("POST", 201, DONE), ("GET", 200, None), ("POST", 503, "fault=status:503")], True, True, True),
        ([("POST", 201, DONE), ("GET", 200, None), ("POST", 503, "fault=status:503")], True, False, False),
        ([("POST", 201, DONE), ("GET", 200, None), ("POST", 409, None)], True, False, True),
        ([("POST", 201, DONE), ("GET", 503, "fault=status:503"), ("GET", 200, None)], True, True, True),
        ([("POST", 201, DONE), ("GET", 503, "fault=status:503"), ("GET", 200, None)], True, False, False),
    ],
    ids=[
        "a read shows the effect",
        "nothing was read",
        "the write was refused",
        "the read was slow but in time",
        "the read timed out",
        "the read failed",
        "the write may still be carried out",
        "an emptied response looks like a success",
        "a failed retry after a read that shows the effect",
        "a failed retry after a read that may not show it",
        "a refused retry after a read that may not show it",
        "a read failed, and the next shows the effect",
        "a read failed, and the next may not show it",
    ],
)
def test_a_doubt_is_needless(
    described: list[tuple[str, int, str | None]], has_effect: bool, is_shown: bool, is_needless: bool
) -> None:
    """A doubt is needless if the exchanges let the client find out whether its write was carried out."""
    assert is_decidable(exchanges(*described), has_effect=has_effect, is_shown=is_shown) is is_needless

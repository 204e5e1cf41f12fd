"""The decision whether a client could have resolved its doubt."""

from __future__ import annotations

import pytest

from tests.model.chaos.exchanges import Json, is_decidable

DONE = "fault=accept-then-drop"


def exchanges(*told: tuple[str, int, str | None]) -> list[Json]:
    """Return exchanges as a journal shows them.

    Args:
        told: the method, status and fault of each.
    """
    return [
        {"number": number, "method": method, "status": status, "fault": fault}
        for number, (method, status, fault) in enumerate(told)
    ]


@pytest.mark.parametrize(
    ("told", "has_effect", "is_shown", "is_needless"),
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
        "it shows",
        "nobody looked",
        "it was refused",
        "what shows came late but in time",
        "what shows did not come in time",
        "looking failed",
        "it was not carried out and may be yet",
        "a refusal that was emptied looks like a success",
        "sending again is of no use where reading tells",
        "sending again was prevented where reading does not tell",
        "sending again was answered where reading does not tell",
        "looking failed, and then told",
        "looking failed, and what was read then may not tell",
    ],
)
def test_a_doubt_is_needless(
    told: list[tuple[str, int, str | None]], has_effect: bool, is_shown: bool, is_needless: bool
) -> None:
    """A doubt is needless if the exchanges let the client find out whether its write was carried out."""
    assert is_decidable(exchanges(*told), has_effect=has_effect, is_shown=is_shown) is is_needless

"""Pairing of test tables, for those whose full product would find nothing more."""

from __future__ import annotations

from itertools import cycle, islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def in_turn(*tables: Iterable[str]) -> list[tuple[str, ...]]:
    """Pair the entries of tables so that each entry stands in one pair at least, as many pairs as the longest has.

    Args:
        tables: the names of entries; those of the shorter ones come again from their start.
    """
    names = [list(table) for table in tables]
    most = max(map(len, names))
    return list(zip(*(islice(cycle(table), most) for table in names), strict=True))

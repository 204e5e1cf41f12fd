"""Conversion between the spelling in tests, which is Python's, and that of the served contract."""

from __future__ import annotations

import re

from tests.dialects import spelling_of

_IN_QUERY = re.compile(r"(?<![^&])(type|status)=(\w+)(?![^&])")
_WORD = re.compile(r"\b\w+\b")


def spelled_query(query: str, name: str) -> str:
    """Return a query string in the spelling of a contract."""
    spelling = spelling_of(name)
    return _IN_QUERY.sub(lambda found: f"{found[1]}={spelling.get(found[2], found[2])}", query)


def read_text(text: str, name: str) -> str:
    """Return a text of a server in the spelling of tests."""
    names = {wire: own for own, wire in spelling_of(name).items()}
    return _WORD.sub(lambda found: names.get(found[0], found[0]), text)

"""Texts of tests, which are spelled as Python does, in the spelling of the contract served, and back."""

from __future__ import annotations

import re

from tests.dialects import spelling_of

_IN_QUERY = re.compile(r"(?<![^&])(type|status)=(\w+)(?![^&])")
_WORD = re.compile(r"\b\w+\b")


def spelled_query(query: str, name: str) -> str:
    """A query string for the contract of a name."""
    spelling = spelling_of(name)
    return _IN_QUERY.sub(lambda found: f"{found[1]}={spelling.get(found[2], found[2])}", query)


def read_text(text: str, name: str) -> str:
    """A text for people from a server of the contract of a name, with the words as tests spell them."""
    names = {wire: own for own, wire in spelling_of(name).items()}
    return _WORD.sub(lambda found: names.get(found[0], found[0]), text)

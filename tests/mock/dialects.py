"""Texts of tests, which are spelled as the documents do, in the spelling of the contract served, and back."""

from __future__ import annotations

import re

from tests.dialects import BETA, in_beta

_IN_TEXT = re.compile(rf"\b({'|'.join(sorted(in_beta().values()))})\b")
_IN_QUERY = re.compile(rf"(?<![^&])(type|status)=({'|'.join(sorted(in_beta()))})(?![^&])")


def spelled_query(query: str, name: str) -> str:
    """A query string for the contract of a name."""
    return _IN_QUERY.sub(lambda found: f"{found[1]}={in_beta()[found[2]]}", query) if name == BETA else query


def read_text(text: str) -> str:
    """A text for people, with the words as the documents spell them."""
    return _IN_TEXT.sub(lambda found: found[1].lower(), text)

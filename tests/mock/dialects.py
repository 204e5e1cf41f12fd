"""What tests send and read is spelled as the documents do; here it is put into the spelling of the contract served.

This shares nothing with how the mock does it: it goes by the names of fields, the mock by the schemas.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from axtasks.mock import contract

from tests.conftest import BETA

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

Json = Any
FIELDS = frozenset({"type", "status", "experiment_type", "role", "input_variable_format"})
"""The fields whose values are words of the contract."""


def wire_values(node: Json) -> set[str]:
    """Every value that an enum or a tag of a contract may have."""
    if isinstance(node, list):
        return set().union(*map(wire_values, node))
    if not isinstance(node, dict):
        return set()
    own = [node["const"]] if "const" in node else node.get("enum")
    found = {value for value in own if isinstance(value, str)} if isinstance(own, list) else set()
    return found.union(*map(wire_values, node.values()))


WORDS = frozenset(wire_values(contract.of(contract.DOCUMENTS).document["components"])) | {"agent_call"}
_IN_TEXT = re.compile(rf"\b({'|'.join(sorted(map(str.upper, WORDS)))})\b")
_IN_QUERY = re.compile(rf"(?<![^&])(type|status)=({'|'.join(sorted(WORDS))})(?![^&])")


def spelled(value: Json, name: str) -> Json:
    """What is sent, for the contract of a name."""
    return _changed(value, str.upper, WORDS) if name == BETA else value


def spelled_query(query: str, name: str) -> str:
    """A query string for the contract of a name."""
    return _IN_QUERY.sub(lambda found: f"{found[1]}={found[2].upper()}", query) if name == BETA else query


def read(value: Json, name: str) -> Json:
    """What was answered by the contract of a name, as the documents spell it, unless it was spelled so already."""
    if name != BETA:
        return value
    assert _changed(value, str.upper, WORDS) == value, f"this is not spelled as the beta contract does: {value}"
    return _changed(value, str.lower, {word.upper() for word in WORDS})


def read_text(text: str) -> str:
    """A text for people, with the words as the documents spell them."""
    return _IN_TEXT.sub(lambda found: found[1].lower(), text)


def _changed(value: Json, change: Callable[[str], str], words: Collection[str]) -> Json:
    if isinstance(value, list):
        return [_changed(each, change, words) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: change(each)
        if name in FIELDS and isinstance(each, str) and each in words
        else _changed(each, change, words)
        for name, each in value.items()
    }

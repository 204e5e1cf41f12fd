"""The dialect of a test's servers, and conversion of JSON from the documents' spelling of the tests."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

import axtasks_api

DOCUMENTS, BETA = "documents", "beta"
# What is said to the mock about itself is spelled as Python spells it.
AS_IN_PYTHON = "as in Python"
# Fields and parameters that hold values which the dialects spell differently.
SPELLED = ("type", "status", "experiment_type", "role", "input_variable_format")

# Stand in the form of others, of which a server of either dialect has nothing to say.
OTHERS = frozenset({"tool_config", "provider_parameters", "input_template", "column_mappings", "tracing_metadata"})


class Spoken:
    """The contract of the running test.

    Attributes:
        contract: the name of the contract.
    """

    contract = DOCUMENTS


spoken = Spoken()


@cache
def spelling_of(contract: str) -> dict[str, str]:
    """Return a contract's spellings of the Python spellings in tests, by the contract's own values."""
    if contract == AS_IN_PYTHON:
        return {}
    file = {DOCUMENTS: "openapi.json", BETA: "openapi.beta.json"}[contract]
    bundle = json.loads(resources.files(axtasks_api).joinpath(file).read_text(encoding="utf-8"))
    found: dict[str, str] = {}
    for schema in bundle["components"]["schemas"].values():
        for named in (schema, *schema.get("properties", {}).values()):
            values = named.get("enum", [named.get("const")])
            found |= zip(named.get("x-python-values", []), values, strict=False)
    return {name: wire for name, wire in found.items() if name != wire}


def status_of_taken_name(contract: str) -> int:
    """Return the status of a response about a taken task name."""
    return {DOCUMENTS: 409, BETA: 422}[contract]


def on_the_wire(document: Any, contract: str | None = None) -> Any:
    """Return JSON of the tests in the spelling of the test's server, or of a contract."""
    spelling = spelling_of(contract or spoken.contract)
    return _respelled(document, spelling) if spelling else document


def off_the_wire(document: Any, contract: str | None = None) -> Any:
    """Return received JSON in the spelling of the tests."""
    spelling = spelling_of(contract or spoken.contract)
    wrong = [value for value in _spelled_in(document) if value in spelling] if spelling else []
    assert not wrong, f"not said in the dialect of the server: {wrong}"
    return _respelled(document, {wire: name for name, wire in spelling.items()}) if spelling else document


def _respelled(node: Any, names: dict[str, str]) -> Any:
    if isinstance(node, list):
        return [_respelled(item, names) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: names.get(value, value)
        if key in SPELLED and isinstance(value, str)
        else value
        if key in OTHERS
        else _respelled(value, names)
        for key, value in node.items()
    }


def _spelled_in(node: Any) -> list[str]:
    if isinstance(node, list):
        return [value for item in node for value in _spelled_in(item)]
    if not isinstance(node, dict):
        return []
    here = [value for key, value in node.items() if key in SPELLED and isinstance(value, str)]
    return here + [value for key, inner in node.items() if key not in OTHERS for value in _spelled_in(inner)]

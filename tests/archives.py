"""HTTP archives (HAR 1.2) of a mock's responses to a check, and changes that break the contract."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from axtasks.conformance import read_server
from axtasks.mock import Mock
from axtasks.testing.clients import client_of

if TYPE_CHECKING:
    from collections.abc import Callable

    Har = dict[str, Any]
    Change = Callable[[Har], None]


def archive_of(contract: str) -> Har:
    """Return an archive of the mock of a contract, to change."""
    document: Har = json.loads(_recorded(contract))
    return document


@cache
def _recorded(contract: str) -> str:
    mock = Mock(run_seconds=0, contract=contract)
    with client_of(mock) as client:
        read_server(client)
    return json.dumps(mock.journal.har())


def entry_of(har: Har, path: str) -> Har:
    """Return the first exchange of a path, or of one below it with an id."""
    found: list[Har] = [
        entry
        for entry in har["log"]["entries"]
        if entry["request"]["url"].partition("?")[0].partition("/v2")[2].startswith(path)
    ]
    return found[0]


def in_body(path: str, change: Callable[[Any], object]) -> Change:
    """Return a change of the JSON in a response."""

    def changed(har: Har) -> None:
        content = entry_of(har, path)["response"]["content"]
        body = json.loads(content["text"])
        change(body)
        content["text"] = json.dumps(body)

    return changed


def in_task(**fields: Any) -> Change:
    """Return a change of fields in the first task."""
    return in_body("/tasks", lambda body: body["tasks"][0].update(fields))

"""Exchanges with a server, read from a live one."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from axtasks.contract.dialect import BETA

if TYPE_CHECKING:
    from collections.abc import Iterable

    from axtasks.client import AxClient
    from axtasks.contract.dialect import Contract

    from .openapi import JsonObject

_KINDS = ("tasks", "spaces", "projects", "datasets", "experiments", "evaluators")
_KINDS_OF_BETA = ("ai-integrations", "integrations", "prompts")
# By kind, the list below each of its resources, and where what is listed there is read.
_PARTS = {"tasks": ("runs", "task-runs")}
_PARTS_OF_BETA = {"evaluators": ("versions", "evaluator-versions"), "prompts": ("versions", "prompt-versions")}
# The most that are read of everything, so that a check stays a few dozen requests.
_LISTED, _OF_EACH_KIND, _OF_PARTS = "20", 3, 5
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")


@dataclass(frozen=True, slots=True)
class RecordedExchange:
    """A request, and the response to it.

    Attributes:
        method: the method, in capitals.
        path: the path, as it was sent.
        status: the status of the response.
        media_type: the media type of its body, without parameters; empty if there is none.
        content: its body; None if it was not recorded.
    """

    method: str
    path: str
    status: int
    media_type: str
    content: bytes | None

    def json(self) -> object:
        """Parse the body.

        Raises:
            ValueError: it is no JSON.
        """
        try:
            return json.loads(self.content or b"")
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


@dataclass(frozen=True, slots=True)
class UncomparedEntry:
    """An entry of an archive with which a contract cannot be compared, or not in whole.

    Attributes:
        number: its place among the entries, from 1.
        reason: what is in the way.
    """

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Traffic:
    """Exchanges with a server.

    Attributes:
        exchanges: in the order of the requests.
        secrets: the secrets in them, as far as they are known.
        contract: the contract of the server; None if it is not known.
        uncompared: the entries of an archive that are broken, or whose bodies were not recorded.
        base_paths: what stood before the API in the paths of an archive.
    """

    exchanges: list[RecordedExchange]
    secrets: frozenset[str] = field(default=frozenset(), repr=False)
    contract: Contract | None = None
    uncompared: list[UncomparedEntry] = field(default_factory=list)
    base_paths: tuple[str, ...] = ()

    @property
    def compared(self) -> int:
        """The number of exchanges whose bodies can be compared."""
        return sum(exchange.content is not None for exchange in self.exchanges)


def read_server(client: AxClient) -> Traffic:
    """Read a few resources of every kind from a server: two or three dozen requests, GET alone.

    Args:
        client: the client to read with.

    Returns:
        the exchanges, in which the client's key is redacted.

    Raises:
        AxError: a request got no response.
    """
    exchanges: list[RecordedExchange] = []

    def read(path: str, **query: str) -> RecordedExchange:
        response = client.request("GET", path, query=query)
        media_type = parse_media_type(response.headers.get("content-type", ""))
        # A server may repeat what it was sent.
        content = client.without_key(response.content)
        exchanges.append(RecordedExchange("GET", path, response.status_code, media_type, content))
        return exchanges[-1]

    waiting: list[str] = list(_KINDS)
    while waiting:
        kind = waiting.pop(0)
        chosen = _one_of_each(_items(read(f"/v2/{kind}", limit=_LISTED)), "type")[:_OF_EACH_KIND]
        for identifier in chosen:
            read(f"/v2/{kind}/{identifier}")
        has_newer = client.contract == BETA
        if has_newer and kind == _KINDS[-1]:
            waiting += _KINDS_OF_BETA
        parts = _PARTS | (_PARTS_OF_BETA if has_newer else {})
        if kind in parts:
            listed, path = parts[kind]
            items = [item for each in chosen for item in _items(read(f"/v2/{kind}/{each}/{listed}", limit=_LISTED))]
            for identifier in _one_of_each(items, "status")[:_OF_PARTS]:
                read(f"/v2/{path}/{identifier}")
    return Traffic(exchanges, contract=client.contract)


def _items(listed: RecordedExchange) -> list[JsonObject]:
    """Return the objects of a list; none if the response is something else, which the comparison finds."""
    try:
        document = listed.json()
    except ValueError:
        return []
    members = document.values() if isinstance(document, dict) else ()
    items = next((member for member in members if isinstance(member, list)), [])
    return [item for item in items if isinstance(item, dict) and isinstance(item.get("id"), str)]


def _one_of_each(items: Iterable[JsonObject], name: str) -> list[str]:
    """Return the ids of the first items that differ in a field, quoted for a path."""
    firsts: dict[str, str] = {}
    for item in items:
        firsts.setdefault(json.dumps(item.get(name)), quote(item["id"], safe=""))
    return list(firsts.values())


def parse_media_type(text: str) -> str:
    """Return a media type without parameters, in lower case; empty for anything else."""
    bare = text.partition(";")[0].strip().lower()
    return bare if _MEDIA_TYPE.fullmatch(bare) else ""

"""One request with its answer, and many of them kept so that those of an operation or a status are found at once."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

from axtasks.mock import ids

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from axtasks.mock.ids import IdKind
    from axtasks.mock.jsontypes import JsonObject, JsonValue
    from axtasks.mock.messages import Headers


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, also one that was lost; secrets are masked. Without an answer the status is 0."""

    number: int
    at: datetime
    operation: str | None
    method: str
    path: str
    query: str
    request_headers: Headers
    request_body: bytes
    status: int
    response_headers: Headers
    response_body: bytes
    fault: str | None = None
    _ids_read: list[frozenset[str]] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def size(self) -> int:
        """The bytes of both bodies."""
        return len(self.request_body) + len(self.response_body)

    @property
    def ids(self) -> frozenset[str]:
        """All that may be an identifier of what the exchange is about; it is looked for only once."""
        if not self._ids_read:
            self._ids_read.append(frozenset(ids_in(self)))
        return self._ids_read[0]

    def __str__(self) -> str:
        """The exchange in one line."""
        target = f"{self.path}?{self.query}" if self.query else self.path
        return (
            f"#{self.number} {self.operation or '(no operation)'}: {self.method} {target} -> {self.status or 'nothing'}"
        )


ID_ENDINGS = ("id", "ids")


def read_json(content: bytes) -> JsonValue:
    """A body as JSON; None for one that is not."""
    try:
        value: JsonValue = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return value


def pairs_in(query: str) -> list[tuple[str, str]]:
    """The parameters of a query, in their order."""
    return parse_qsl(query, keep_blank_values=True)


def ids_in(exchange: Exchange) -> set[str]:
    """Find what may be identifiers: third in the path, in the query, the body, and at the top of the response."""
    found = {unquote(segment) for segment in exchange.path.split("/")[3:4]}
    found.update(value for _, value in pairs_in(exchange.query))
    found.update(_ids_at(read_json(exchange.request_body)))
    answer = read_json(exchange.response_body)
    if isinstance(answer, dict):
        # What is in the lists of an answer is not what the exchange was about.
        found.update(_ids_at({name: value for name, value in answer.items() if name.endswith(ID_ENDINGS)}))
    return found


def _ids_at(value: JsonValue) -> Iterator[str]:
    """The texts of all fields in a value, at any depth, that are for identifiers."""
    waiting = [value]
    while waiting:  # a refused body may be nested too deeply for a function that calls itself
        part = waiting.pop()
        for name, each in part.items() if isinstance(part, dict) else ():
            if name.endswith(ID_ENDINGS):
                yield from (text for text in (each if isinstance(each, list) else [each]) if isinstance(text, str))
            else:
                waiting.append(each)
        waiting += part if isinstance(part, list) else ()


def is_of(kind: IdKind, text: str) -> bool:
    """Return whether a text is an identifier of a kind."""
    parsed = ids.parse(text)
    return parsed is not None and parsed.kind is kind


def asks_for(exchange: Exchange, name: str) -> bool:
    """Return whether a name was sent, as that of a resource to create, rename or find."""
    body = read_json(exchange.request_body)
    return (isinstance(body, dict) and body.get("name") == name) or ("name", name) in pairs_in(exchange.query)


def named_in(exchange: Exchange, kind: IdKind, name: str) -> set[str]:
    """The identifiers that an answer has for a name, so that what was deleted or renamed since is still known."""
    if b"\\" not in exchange.response_body and name.encode(errors="surrogatepass") not in exchange.response_body:
        return set()  # It is not worth reading: without escapes, JSON has each text as it is.
    answer = read_json(exchange.response_body)
    top: JsonObject = answer if isinstance(answer, dict) else {}
    listed = [each for value in top.values() if isinstance(value, list) for each in value]
    return {
        identifier
        for each in (top, *listed)
        if isinstance(each, dict) and each.get("name") == name
        if isinstance(identifier := each.get("id"), str) and is_of(kind, identifier)
    }

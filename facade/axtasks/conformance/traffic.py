"""Exchanges with a server: read from a live one, or from an HTTP archive (HAR 1.2)."""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlsplit

from axtasks.config.credentials import names_a_secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from axtasks.client import AxClient
    from axtasks.contract.dialect import Contract

    from .openapi import JsonObject

_KINDS = ("tasks", "spaces", "projects", "datasets", "experiments", "evaluators")
# The most that are read of everything, so that a check stays a few dozen requests.
_LISTED, _OF_EACH_KIND, _RUNS = "20", 3, 5
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")


class NotAnArchiveError(ValueError):
    """The document is no HTTP archive."""


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
class Traffic:
    """Exchanges with a server.

    Attributes:
        exchanges: in the order of the requests.
        secrets: the secrets in them, as far as they are known.
        contract: the contract of the server; None if it is not known.
    """

    exchanges: list[RecordedExchange]
    secrets: frozenset[str] = field(default=frozenset(), repr=False)
    contract: Contract | None = None


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
        media_type = _parse_media_type(response.headers.get("content-type", ""))
        # A server may repeat what it was sent.
        content = client.without_key(response.content)
        exchanges.append(RecordedExchange("GET", path, response.status_code, media_type, content))
        return exchanges[-1]

    for kind in _KINDS:
        chosen = _one_of_each(_items(read(f"/v2/{kind}", limit=_LISTED)), "type")[:_OF_EACH_KIND]
        for identifier in chosen:
            read(f"/v2/{kind}/{identifier}")
        if kind == "tasks":
            runs = [run for task in chosen for run in _items(read(f"/v2/tasks/{task}/runs", limit=_LISTED))]
            for identifier in _one_of_each(runs, "status")[:_RUNS]:
                read(f"/v2/task-runs/{identifier}")
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


def read_archive(document: object) -> Traffic:
    """Read an HTTP archive (HAR 1.2). Requests without a response are left out.

    Args:
        document: the archive as JSON.

    Returns:
        the exchanges, and what the requests signed in with.

    Raises:
        NotAnArchiveError: the document is none.
    """
    try:
        entries = document["log"]["entries"]  # type: ignore[index]  # anything else is refused below
        exchanges = [_exchange(entry) for entry in entries if entry["response"]["status"]]
        plain = {secret for entry in entries for secret in _secrets(entry)}
    except (KeyError, TypeError, AttributeError, binascii.Error) as error:
        raise NotAnArchiveError(f"not an HTTP archive: {type(error).__name__}: {error}") from error
    return Traffic(exchanges, frozenset(form for secret in plain for form in (secret, quote(secret, safe=""))))


def _exchange(entry: JsonObject) -> RecordedExchange:
    request, response = entry["request"], entry["response"]
    recorded = response.get("content", {})
    text = recorded.get("text")
    if text is None:
        content = None
    elif recorded.get("encoding") == "base64":
        content = base64.b64decode(text)
    else:
        content = str(text).encode("utf-8", "surrogatepass")
    media_type = _parse_media_type(recorded.get("mimeType") or "")
    path = urlsplit(request["url"]).path
    return RecordedExchange(str(request["method"]).upper(), path, int(response["status"]), media_type, content)


def _parse_media_type(text: str) -> str:
    """Return a media type without parameters, in lower case; empty for anything else."""
    bare = text.partition(";")[0].strip().lower()
    return bare if _MEDIA_TYPE.fullmatch(bare) else ""


def _secrets(entry: JsonObject) -> Iterator[str]:
    """Yield the values of cookies, and of headers and parameters whose names speak of secrets."""
    named = parse_qsl(urlsplit(entry["request"]["url"]).query)
    for side in (entry["request"], entry["response"]):
        named += [(each["name"], each["value"]) for each in side.get("headers", [])]
        yield from (each["value"] for each in side.get("cookies", []) if each["value"] and each["value"].strip())
    for name, value in named:
        if names_a_secret(name) and value:
            yield from _secrets_in(name.lower(), value)


def _secrets_in(name: str, value: str) -> list[str]:
    """Return the values of cookies in a header, or the last word of it: the one after a scheme such as Bearer."""
    if name not in {"cookie", "set-cookie"}:
        return value.split()[-1:]
    # Archives have several cookies that are set in lines; the rest of a line has the attributes of the cookie.
    cookies = value.split(";") if name == "cookie" else [line.partition(";")[0] for line in value.splitlines()]
    values = [cookie.split("=", 1)[-1].strip().strip('"') for cookie in cookies]
    return [each for each in values if each]

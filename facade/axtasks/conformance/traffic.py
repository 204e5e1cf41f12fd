"""Exchanges with a server, to compare with the contract: from reading a live one, or from an HTTP archive."""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlsplit

from axtasks.config.credentials import names_a_secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from axtasks import AxClient

KINDS = ("tasks", "spaces", "projects", "datasets", "experiments", "evaluators")
# How many there are of everything at most, so that a check stays a few dozen requests.
LISTED, OF_EACH_KIND, RUNS = "20", 3, 5
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")


class NotAnArchiveError(ValueError):
    """A document is no HTTP archive."""


@dataclass(frozen=True, slots=True)
class RecordedExchange:
    """A request, and what came of it.

    Attributes:
        method: the method, in capitals.
        path: the path, as it was sent.
        status: the status of the answer.
        media_type: what its body is said to be, without parameters; empty where nothing is said.
        content: its body; None where it is not known.
    """

    method: str
    path: str
    status: int
    media_type: str
    content: bytes | None

    @property
    def json(self) -> Any:
        """The body as JSON.

        Raises:
            ValueError: it is something else.
        """
        try:
            return json.loads(self.content or b"")
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


@dataclass(frozen=True, slots=True)
class Traffic:
    """Exchanges, and the secrets that are known to stand in them."""

    exchanges: list[RecordedExchange]
    secrets: frozenset[str] = field(default=frozenset(), repr=False)


def media_type_of(text: str) -> str:
    """A media type without parameters, in small letters; empty for what is none."""
    bare = text.partition(";")[0].strip().lower()
    return bare if _MEDIA_TYPE.fullmatch(bare) else ""


def live(client: AxClient) -> Iterator[RecordedExchange]:
    """Yield what a server answers to reads alone, made as they are asked for.

    Args:
        client: the client to read with.
    """
    for kind in KINDS:
        listed = _read(client, f"/v2/{kind}", limit=LISTED)
        yield listed
        chosen = _one_of_each(_items(listed), "type")[:OF_EACH_KIND]
        for identifier in chosen:
            yield _read(client, f"/v2/{kind}/{identifier}")
        if kind == "tasks":
            yield from _runs(client, chosen)


def _runs(client: AxClient, tasks: Iterable[str]) -> Iterator[RecordedExchange]:
    found: list[dict[str, Any]] = []
    for task in tasks:
        listed = _read(client, f"/v2/tasks/{task}/runs", limit=LISTED)
        yield listed
        found += _items(listed)
    for run in _one_of_each(found, "status")[:RUNS]:
        yield _read(client, f"/v2/task-runs/{run}")


def _read(client: AxClient, path: str, **query: str) -> RecordedExchange:
    answer = client.request("GET", path, query=query)
    media_type = media_type_of(answer.headers.get("content-type", ""))
    # A server may repeat what it was sent.
    return RecordedExchange("GET", path, answer.status_code, media_type, client.without_key(answer.content))


def _items(listed: RecordedExchange) -> list[dict[str, Any]]:
    """The objects of a list; none where the answer is something else, which the comparison tells."""
    try:
        document = listed.json
    except ValueError:
        return []
    members = document.values() if isinstance(document, dict) else ()
    items: list[Any] = next((member for member in members if isinstance(member, list)), [])
    return [item for item in items if isinstance(item, dict) and isinstance(item.get("id"), str)]


def _one_of_each(items: Iterable[dict[str, Any]], name: str) -> list[str]:
    """For a path, the ids of the first items that differ in a field."""
    firsts: dict[str, str] = {}
    for item in items:
        firsts.setdefault(json.dumps(item.get(name)), quote(item["id"], safe=""))
    return list(firsts.values())


def of_archive(document: Any) -> Traffic:
    """The exchanges of an HTTP archive (HAR 1.2); requests that got no answer are left out.

    Args:
        document: the archive as JSON.

    Raises:
        NotAnArchiveError: it is none.
    """
    try:
        entries = document["log"]["entries"]
        exchanges = [_exchange(entry) for entry in entries if entry["response"]["status"]]
        plain = {secret for entry in entries for secret in _secrets(entry)}
    except (KeyError, TypeError, AttributeError, binascii.Error) as error:
        raise NotAnArchiveError(f"not an HTTP archive: {type(error).__name__}: {error}") from error
    return Traffic(exchanges, frozenset(form for secret in plain for form in (secret, quote(secret, safe=""))))


def _exchange(entry: dict[str, Any]) -> RecordedExchange:
    request, response = entry["request"], entry["response"]
    held = response.get("content", {})
    text = held.get("text")
    if text is None:
        content = None
    elif held.get("encoding") == "base64":
        content = base64.b64decode(text)
    else:
        content = str(text).encode("utf-8", "surrogatepass")
    return RecordedExchange(
        str(request["method"]).upper(),
        urlsplit(request["url"]).path,
        int(response["status"]),
        media_type_of(held.get("mimeType") or ""),
        content,
    )


def _secrets(entry: dict[str, Any]) -> Iterator[str]:
    """Yield the secrets of an entry of an archive: values of headers, cookies and parameters whose names say so."""
    query = parse_qsl(urlsplit(entry["request"]["url"]).query)
    named = [*query]
    for side in (entry["request"], entry["response"]):
        named += [(each["name"], each["value"]) for each in side.get("headers", [])]
        yield from (each["value"] for each in side.get("cookies", []) if each["value"] and each["value"].strip())
    for name, value in named:
        if names_a_secret(name) and value:
            yield from _secrets_of(name.lower(), value)


def _secrets_of(name: str, value: str) -> Iterator[str]:
    """The secrets in a value: what cookies hold, or the last word, behind such as Bearer; none where it is blank."""
    if name == "cookie":
        cookies = value.split(";")
    elif name == "set-cookie":
        # Archives have several of them in lines; the rest of a line says where and for how long one is good.
        cookies = [line.partition(";")[0] for line in value.splitlines()]
    else:
        yield from value.split()[-1:]
        return
    for cookie in cookies:
        secret = cookie.partition("=")[2] if "=" in cookie else cookie
        if secret := secret.strip().strip('"'):
            yield secret

"""Exchanges with a server, read from an HTTP archive (HAR 1.2)."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlsplit

from axtasks.config.credentials import names_a_secret

from .traffic import RecordedExchange, Traffic, parse_media_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .openapi import JsonObject


class NotAnArchiveError(ValueError):
    """The document is no HTTP archive."""


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
    media_type = parse_media_type(recorded.get("mimeType") or "")
    path = urlsplit(request["url"]).path
    return RecordedExchange(str(request["method"]).upper(), path, int(response["status"]), media_type, content)


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

"""Exchanges with a server, read from an HTTP archive (HAR 1.2)."""

from __future__ import annotations

import base64
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlsplit

from axtasks.config.credentials import names_a_secret

from .openapi import find_base_paths, path_below
from .traffic import RecordedExchange, Traffic, UncomparedEntry, parse_media_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .openapi import JsonObject

_FIRST_FINAL_STATUS = 200
_WITHOUT_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.RESET_CONTENT)


class NotAnArchiveError(ValueError):
    """The document is no HTTP archive."""


def read_archive(document: object, *, base_path: str | None = None) -> Traffic:
    """Read an HTTP archive (HAR 1.2).

    Passed over are requests for anything but the API, preflights, WebSockets, and requests that were answered with 304
    or that nobody answered. An entry that is broken, or that lacks the body of a response, is listed as not compared.

    Args:
        document: the archive as JSON.
        base_path: what stands before the API in the paths, such as `/gateway` in `/gateway/v2/tasks`. If it is left
            out, it is all that stands before documented paths, and nothing.

    Returns:
        the exchanges, and what the requests signed in with.

    Raises:
        NotAnArchiveError: the document is none, or all its entries are broken.
    """
    try:
        entries = list(document["log"]["entries"])  # type: ignore[index]  # anything else is refused below
    except (KeyError, TypeError) as error:
        raise NotAnArchiveError(f"not an HTTP archive: {_reason(error)}") from error
    recorded: list[tuple[int, RecordedExchange]] = []
    uncompared: list[UncomparedEntry] = []
    plain: set[str] = set()
    for number, entry in enumerate(entries, start=1):
        try:
            plain.update(_secrets(entry))
            if _is_answered(entry):
                recorded.append((number, _exchange(entry)))
        except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
            uncompared.append(UncomparedEntry(number, f"broken: {_reason(error)}"))
    if uncompared and len(uncompared) == len(entries):
        first = uncompared[0]
        raise NotAnArchiveError(f"not an HTTP archive: entry {first.number} is {first.reason}")
    # A page about the API may have its paths, too.
    paths = [exchange.path for _, exchange in recorded if exchange.media_type.endswith("json")]
    base_paths = find_base_paths(paths) if base_path is None else [f"/{base_path.strip('/')}".rstrip("/")]
    exchanges: list[RecordedExchange] = []
    for number, exchange in recorded:
        if (path := path_below(base_paths, exchange.path)) is None:
            continue
        exchanges.append(replace(exchange, path=path))
        if exchange.content is None:
            uncompared.append(UncomparedEntry(number, "no body recorded"))
    return Traffic(
        exchanges,
        frozenset(form for secret in plain for form in (secret, quote(secret, safe="", errors="surrogatepass"))),
        uncompared=sorted(uncompared, key=lambda entry: entry.number),
        base_paths=tuple(filter(None, base_paths)),
    )


def _reason(error: Exception) -> str:
    """Return what is wrong, without the values of an entry."""
    return f"{error} is missing" if isinstance(error, KeyError) else f"it has the wrong form ({type(error).__name__})"


def _is_answered(entry: JsonObject) -> bool:
    """Return True for a request that a program made, and that got a response of its own."""
    request, response = entry["request"], entry["response"]
    # Chromium keeps the status of a response whose body was cut off.
    was_aborted = response.get("_error") or response.get("_failureText")
    return (
        int(response["status"]) >= _FIRST_FINAL_STATUS
        and int(response["status"]) != HTTPStatus.NOT_MODIFIED
        and not was_aborted
        and entry.get("_resourceType") != "websocket"
        and str(request["method"]).upper() != "OPTIONS"
    )


def _exchange(entry: JsonObject) -> RecordedExchange:
    request, response = entry["request"], entry["response"]
    method, status = str(request["method"]).upper(), int(response["status"])
    recorded = response.get("content") or {}
    content = b"" if status in _WITHOUT_BODY or method == "HEAD" else _content(recorded, response)
    media_type = parse_media_type(recorded.get("mimeType") or "")
    return RecordedExchange(method, urlsplit(request["url"]).path, status, media_type, content)


def _content(recorded: JsonObject, response: JsonObject) -> bytes | None:
    """Return the body; None if it was not recorded."""
    text = recorded.get("text")
    if text is None:
        # Chromium writes no text for an empty body; mitmproxy writes null for one that it streamed.
        is_empty = "text" not in recorded and recorded.get("size") == 0 and (response.get("bodySize") or 0) <= 0
        return b"" if is_empty else None
    if not isinstance(text, str):
        raise TypeError("a body is text")
    if recorded.get("encoding") == "base64":
        # Some recorders label what they wrote as plain text.
        with suppress(ValueError):
            return base64.b64decode("".join(text.split()), validate=True)
    return text.encode("utf-8", "surrogatepass")


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

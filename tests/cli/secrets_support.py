"""A planted API key, its possible sources, and servers that repeat it."""

from __future__ import annotations

import gzip
import json
import shutil
import socketserver
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from axtasks.profiles import create_profile, profile_path, use_profile

from tests import planted as tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

KEY = tokens.COMMAND_LINE_SECRETS
# Whatever shows this much of the key, in whatever spelling, shows too much.
TRACE = "q7pl4nt"
ESCAPED = "".join(f"\\u{ord(character):04x}" for character in KEY)
PROFILE = "planted"


def shows_key(text: str) -> bool:
    """Return True if a text has a recognizable part of the key in it."""
    return TRACE in text.lower() or ESCAPED[: len(ESCAPED) // 2] in text.lower()


def in_environment(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Put the key into ARIZE_API_KEY, beside a profile without a key."""
    create_profile(PROFILE, {"api_key": "${ARIZE_API_KEY}"})
    monkeypatch.setenv("ARIZE_API_KEY", KEY)
    return []


def in_profile(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Put the key into the active profile."""
    monkeypatch.delenv("ARIZE_API_KEY", raising=False)
    create_profile(PROFILE, {"api_key": KEY})
    use_profile(PROFILE)
    return [profile_path(PROFILE)]


def in_variable(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Put the key into a variable that the active profile names."""
    monkeypatch.delenv("ARIZE_API_KEY", raising=False)
    monkeypatch.setenv("PLANTED", KEY)
    create_profile(PROFILE, {"api_key": "${PLANTED}"})
    use_profile(PROFILE)
    return []


def in_default(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Put the key into the active profile as the default of an unset variable."""
    monkeypatch.delenv("ARIZE_API_KEY", raising=False)
    create_profile(PROFILE, {"api_key": f"${{NOT_PLANTED:{KEY}}}"})
    use_profile(PROFILE)
    return [profile_path(PROFILE)]


def in_readable_file(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Put the key into an active profile that everybody may read."""
    holders = in_profile(monkeypatch)
    holders[0].chmod(0o644)
    return holders


PLACES: Mapping[str, Callable[[pytest.MonkeyPatch], list[Path]]] = {
    "environment": in_environment,
    "profile": in_profile,
    "variable": in_variable,
    "default": in_default,
    "readable": in_readable_file,
}


@contextmanager
def planted(place: str) -> Iterator[list[Path]]:
    """Plant the key in one of its sources during the `with` block; yield the files that may hold it."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield PLACES[place](monkeypatch)
        shutil.rmtree(profile_path(PROFILE).parent.parent)


def answer(status: str, body: bytes | str, kind: str = "application/json", **headers: str) -> bytes:
    """Return the bytes of a response."""
    content = body if isinstance(body, bytes) else body.encode()
    told = {"Content-Type": kind, "Content-Length": str(len(content)), "Connection": "close"}
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in told.items())]
    return "\r\n".join([*lines, "", ""]).encode() + content


def problem(heard: str, status: int = 400, **fields: object) -> str:
    """Return Problem Details that repeat the request."""
    document: dict[str, object] = {"type": KEY, "title": f"Bad key {KEY}", "status": status, "detail": heard}
    return json.dumps(document | {"instance": f"/v2/{KEY}", "key": KEY, KEY: [KEY]} | fields)


EVERYWHERE = {
    "X_Echo": KEY,
    "X_Request_Id": KEY,
    "Set_Cookie": f"session={KEY}",
    "Location": f"https://elsewhere.invalid/?key={quote(KEY)}",
    "Server": f"nasty/{KEY}",
    "Retry_After": KEY,
    "Date": KEY,
}
_TIMES = dict.fromkeys(("created_at", "updated_at", "run_started_at", "run_finished_at"), KEY)
_ITEM: dict[str, object] = {"id": "VGFzazoxOng=", "name": "x", "status": KEY, "type": KEY, **_TIMES}
# Whatever else a model may lack, an id that is there is text.
_NO_ID = {"id": [KEY]}
_PAGE = {"pagination": {"has_more": False, "next_cursor": None}}
_PLURALS = ("tasks", "task_runs", "spaces", "projects", "datasets", "experiments", "evaluators")

# What a server may answer by what it heard: refusals, and successes that are none.
ANSWERS: Mapping[str, Callable[[str], bytes]] = {
    "problem": lambda heard: answer("400 Bad", problem(heard), "application/problem+json", **EVERYWHERE),
    "escaped": lambda _: answer("422 Bad", f'{{"title": "{ESCAPED}", "detail": "a{ESCAPED}b", "status": 422}}'),
    "denied": lambda heard: answer("401 Bad", heard, "text/plain", **EVERYWHERE),
    "forbidden": lambda _: answer("403 Bad", f"<a href='/?key={quote(KEY, safe='')}'>{KEY}</a>", "text/html"),
    "long": lambda _: answer("404 Bad", "x" * 190 + KEY, "text/plain"),
    "moved": lambda _: answer("302 Found", "", **EVERYWHERE),
    "too-many": lambda heard: answer("429 Bad", problem(heard, 429), **EVERYWHERE),
    "failed": lambda heard: answer(f"500 {KEY}", problem(heard, 500, detail=[KEY]), f"text/{KEY}", **EVERYWHERE),
    "other-shape": lambda heard: answer("200 OK", json.dumps({KEY: heard, "tasks": KEY, "id": [KEY]}), **EVERYWHERE),
    "no-object": lambda heard: answer("200 OK", json.dumps([KEY, heard]), **EVERYWHERE),
    "late-in-value": lambda _: answer("200 OK", json.dumps("x" * 40 + KEY), **EVERYWHERE),
    "escaped-value": lambda _: answer("200 OK", f'"{ESCAPED}"'),
    "bad-item": lambda _: answer("200 OK", json.dumps(_ITEM), **EVERYWHERE),
    "bad-items": lambda _: answer("200 OK", json.dumps({plural: [_ITEM] for plural in _PLURALS} | _NO_ID | _PAGE)),
    "thin-items": lambda _: answer("200 OK", json.dumps({plural: [_ITEM] for plural in _PLURALS} | _PAGE)),
    "no-json": lambda heard: answer("200 OK", heard, "text/plain", **EVERYWHERE),
    "no-status": lambda heard: f"{KEY} {heard}\r\n\r\n".encode(),
    "no-header": lambda _: f"HTTP/1.1 200 OK\r\nauthorization Bearer {KEY}\r\n\r\n".encode(),
    "no-chunk": lambda _: f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{KEY}\r\n".encode(),
    "no-gzip": lambda _: answer("200 OK", KEY, Content_Encoding="gzip"),
    "gzip": lambda _: answer("400 Bad", gzip.compress(problem(KEY).encode()), Content_Encoding="gzip"),
    "cut-off": lambda _: answer("200 OK", KEY, Content_Length="999"),
    "nothing": lambda _: b"",
}


class Echo(socketserver.ThreadingTCPServer):
    """A server that repeats its requests in responses of `ANSWERS`.

    Attributes:
        answering: the name of the answer.
        heard: everything it was sent.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answering = "problem"
        self.heard: list[str] = []

    @property
    def url(self) -> str:
        """The URL of the server."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(socketserver.StreamRequestHandler):
    server: Echo

    def handle(self) -> None:
        head = b"".join(iter(self.rfile.readline, b"\r\n")).decode()
        lengths = [line.partition(":")[2] for line in head.splitlines() if line.lower().startswith("content-length:")]
        self.rfile.read(int(lengths[0]) if lengths else 0)
        self.server.heard.append(head)
        self.wfile.write(ANSWERS[self.server.answering](head))


@contextmanager
def echoing() -> Iterator[Echo]:
    """Yield an echo server."""
    with Echo() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()

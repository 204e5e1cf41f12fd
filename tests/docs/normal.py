"""Comparison of shown and actual output, without the parts that differ from run to run."""

from __future__ import annotations

import base64
import binascii
import re

# Each kind of text that differs from run to run, with what stands for it.
_VARYING = [
    (re.compile(r"http://127\.0\.0\.1:\d+"), "http://127.0.0.1:<port>"),
    (re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|\+00:00)"), "<time>"),
    (re.compile(r"\d+\.\d+ s\b"), "<seconds> s"),
    (re.compile(r"\breq_\d+"), "<request id>"),
    # How many spans a window holds is the mock's invention.
    (re.compile(r"\d+ (succeeded|in error|skipped)"), r"<count> \1"),
]
_ID = re.compile(r"\b[A-Za-z0-9+/]{8,}={0,2}")
ANY_LINES = "..."


def normal(text: str) -> list[str]:
    """Return the lines of a text with placeholders for varying parts; ids keep their kind."""
    for pattern, placeholder in _VARYING:
        text = pattern.sub(placeholder, text)
    return [" ".join(line.split()) for line in _ID.sub(_kind_of, text).strip("\n").splitlines()]


def is_as_shown(shown: str, came: str) -> bool:
    """Return True if output equals the shown one; a line of three dots matches any lines, also none."""
    return _match(normal(shown), normal(came))


def _match(shown: list[str], came: list[str]) -> bool:
    if not shown:
        return not came
    if shown[0] == ANY_LINES:
        return any(_match(shown[1:], came[index:]) for index in range(len(came) + 1))
    return bool(came) and shown[0] == came[0] and _match(shown[1:], came[1:])


def _kind_of(match: re.Match[str]) -> str:
    """Return the placeholder of an id; any other text unchanged."""
    try:
        text = base64.b64decode(match[0], validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return match[0]
    found = re.match(r"([A-Za-z]+):\d+(?::|$)", text)
    return f"<{found[1]} id>" if found else match[0]

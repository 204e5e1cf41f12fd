"""Comparing output that is shown with output that came, but for what differs from run to run."""

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
    """The lines of a text with a placeholder for everything that differs from run to run; ids keep their kind."""
    for pattern, placeholder in _VARYING:
        text = pattern.sub(placeholder, text)
    return [" ".join(line.split()) for line in _ID.sub(_kind_of, text).strip("\n").splitlines()]


def is_as_shown(shown: str, came: str) -> bool:
    """Whether output is what is shown; a line of three dots stands for any lines, also for none."""
    return _match(normal(shown), normal(came))


def _match(shown: list[str], came: list[str]) -> bool:
    if not shown:
        return not came
    if shown[0] == ANY_LINES:
        return any(_match(shown[1:], came[index:]) for index in range(len(came) + 1))
    return bool(came) and shown[0] == came[0] and _match(shown[1:], came[1:])


def _kind_of(match: re.Match[str]) -> str:
    """What stands for an id; any other text as it is."""
    try:
        text = base64.b64decode(match[0], validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return match[0]
    found = re.match(r"([A-Za-z]+):\d+(?::|$)", text)
    return f"<{found[1]} id>" if found else match[0]

"""Text for people that may quote a server: escaped, so that it steers no terminal and forges no line, and cut.

Also the spellings of values in it, and lengths of time in words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta

# A message for a person is no place for more.
MOST_CHARACTERS = 4096
ELLIPSIS = "…"
# Spellings of a value such as a status: that of the documents, and that of the response.
WIRE = "wire"
SPELLINGS = ("documents", WIRE)
_NAMED = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}
# What steers a terminal, ends a line, turns the direction of writing around or is not seen, and what cannot be encoded.
STEERING = r"\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
# Compiled when it is first used: neither importing the client nor the help of `ax` needs it.
_UNPRINTABLE = rf"[\x00-\x1f{STEERING}]"


def escape(text: str) -> str:
    """Return a text with escapes for characters that would steer a terminal: a backslash and the code."""
    return re.sub(_UNPRINTABLE, _escaped, text)


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return _NAMED.get(found[0]) or (f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}")  # noqa: PLR2004  # one byte


def printable(text: str, *, most: int = MOST_CHARACTERS) -> str:
    """Return a text in one line, with escapes, of which no more than `most` characters are left."""
    # Cut before too, as a text of a server may have millions of characters.
    shown = escape(text[: most + 1])
    return shown if len(shown) <= most else shown[: most - len(ELLIPSIS)] + ELLIPSIS


def in_seconds(seconds: float) -> str:
    """Return a number of seconds in words: `1 second`, `0.5 seconds`."""
    return f"{seconds:g} second{'' if seconds == 1 else 's'}"


def in_days(length: timedelta) -> str:
    """Return a length of time as Python writes it, without hours where it is whole days: `31 days`."""
    return str(length).removesuffix(", 0:00:00")

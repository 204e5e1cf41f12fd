"""The keys that tests plant, in one place, so that the suite's whole output can be searched for them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

UNIT = "planted-key-3f9a"
SECRETS = "planted-key-5d21c0ffee"
COMMAND_LINE = "key-of-the-tests"
COMMAND_LINE_SECRETS = "ak-Q7pl4nt3dZ+5b1e/9c40=="
TOKENS = (UNIT, SECRETS, COMMAND_LINE, COMMAND_LINE_SECRETS)

# Where tests put a key on purpose: profiles, key files, and programs that print one.
_HOLDERS = ("profiles", "key", "key.py", "__pycache__")
_MOST_BYTES = 10_000_000


def spellings(token: str) -> set[str]:
    """Return the equivalent ways to write a token."""
    escaped = "".join(f"\\u{ord(character):04x}" for character in token)
    return {spelling.lower() for spelling in (token, quote(token), quote(token, safe=""), escaped)}


_ALL = tuple(spelling for token in TOKENS for spelling in spellings(token))


def shows(text: str) -> bool:
    """Return True if a text has one of the tokens in it, in any spelling."""
    lower = text.lower()
    return any(spelling in lower for spelling in _ALL)


def files_that_show(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder that have one of the tokens in them, but for allowed ones."""
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder).parts
        if any(part in _HOLDERS for part in inner) or path.is_symlink() or not path.is_file():
            continue
        if path.stat().st_size <= _MOST_BYTES and shows(path.read_bytes().decode("latin-1")):
            yield path

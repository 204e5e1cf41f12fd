"""Redaction of values in responses: a few characters of them are shown, and no secret."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from axtasks.config.credentials import MASK, names_a_secret

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 40
# A secret that is shorter than this would be found in words of every kind.
_SHORTEST_SECRET = 6
_LIKE_SECRETS = re.compile(
    r"\b(?:bearer|basic)\s+\S+"
    r"|\b(?:ak|sk|pk|rk|ghp|gho|xox[a-z])[-_][\w+/=.-]{8,}"
    r"|\beyJ[\w-]{8,}(?:\.[\w-]*)*"
    r"|//[^/\s@]+@"
    r"|-----BEGIN [^-]*PRIVATE KEY-----.*",
    re.IGNORECASE | re.DOTALL,
)


class Redactor:
    """Replaces secrets in what is shown.

    Args:
        secrets: those that are known.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        # The longest first: one may be the start of another.
        self._secrets = sorted((each for each in secrets if len(each) >= _SHORTEST_SECRET), key=len, reverse=True)

    def redact(self, text: str) -> str:
        """Replace what is, or looks like, a secret."""
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return _LIKE_SECRETS.sub(MASK, text)

    def may_show(self, text: str) -> bool:
        """Return True if a text is short and has no secret."""
        return self.redact(text) == text and MASK not in text and len(text) <= _LONGEST

    def shorten(self, name: str, value: object) -> str:
        """Return a few characters of the value of a field, redacted."""
        if isinstance(value, dict):
            return f"an object of {len(value)}"
        if isinstance(value, list):
            return f"a list of {len(value)}"
        if names_a_secret(name) and value is not None:
            return MASK
        # Redacted before it is cut, lest half of a secret stays.
        shown = self.redact(value) if isinstance(value, str) else json.dumps(value)
        return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"

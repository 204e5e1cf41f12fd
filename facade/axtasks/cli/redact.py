"""The settings of a profile without its secrets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from axtasks.profiles import MASK, PLACEHOLDER, PUBLIC_IN_AUTH, names_a_secret, texts_in

if TYPE_CHECKING:
    from collections.abc import Mapping

_AUTH = "auth"
_USER_IN_URL = re.compile(r"//\S+@")


def mask_settings(content: Mapping[str, object]) -> dict[str, object]:
    """Return settings by section, with asterisks for secrets. References to environment variables stay."""
    return {name: _section(name, value) for name, value in content.items()}


def variables_in(value: object) -> list[str]:
    """Return the names of the environment variables that settings refer to, each once."""
    return list(dict.fromkeys(match[1] for text in texts_in(value) for match in PLACEHOLDER.finditer(text)))


def _section(name: str, value: object) -> object:
    if name == _AUTH and isinstance(value, dict):
        return {key: _masked(inner, secret=key not in PUBLIC_IN_AUTH) for key, inner in value.items()}
    return _masked(value, secret=name == _AUTH or names_a_secret(name))


def _masked(value: object, *, secret: bool) -> object:
    if isinstance(value, dict):
        return {name: _masked(inner, secret=secret or names_a_secret(name)) for name, inner in value.items()}
    if isinstance(value, list):
        return [_masked(inner, secret=secret) for inner in value]
    if secret:
        return _only_variables(value) if isinstance(value, str) else MASK
    # Numbers and truth values are JSON already; TOML's times are not.
    return value if isinstance(value, int | float) else _USER_IN_URL.sub(f"//{MASK}@", str(value))


def _only_variables(text: str) -> str:
    """Return a text with asterisks for everything but references to variables."""
    shown, end = "", 0
    for match in PLACEHOLDER.finditer(text):
        default = f":{MASK}" if match[2] else ""
        shown += (MASK if match.start() > end else "") + f"${{{match[1]}{default}}}"
        end = match.end()
    return shown + (MASK if end < len(text) else "")

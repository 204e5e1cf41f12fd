"""The API keys that a mock accepts: the token, the role and the spaces of each (C45).

A world file lists them under `settings.keys`, `ax mock serve --api-key` adds one. `operations.authentication` checks
the one of a request, and `world.visibility` tells what its holder sees.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from axtasks.mock.problems import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from axtasks.mock.jsontypes import JsonValue

KEY_FIELDS = ("key", "role", "spaces")


class Role(StrEnum):
    """The role of a key. Nothing in this API is for admins alone, so members may do as much."""

    ADMIN = "admin"
    MEMBER = "member"
    READ_ONLY = "read-only"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key; with `spaces`, identifiers or exact names, there is nothing for it outside of these."""

    token: str
    role: Role = Role.MEMBER
    spaces: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if not self.token or self.token != self.token.strip():
            raise ValueError("an API key has to be text without blanks around it")

    def __repr__(self) -> str:
        return f"ApiKey('***', {self.role!s}, spaces={self.spaces!r})"


def read_key(value: JsonValue) -> ApiKey:
    """The key that an object such as `{"key": "k", "role": "read-only", "spaces": ["demo"]}` describes."""
    if not isinstance(value, dict):
        raise ValueError('a key has to be an object such as {"key": "k", "role": "read-only"}')  # noqa: TRY004  # one kind of error for all that is wrong
    unknown = sorted(set(value) - set(KEY_FIELDS))
    if unknown:
        raise ValueError(f"a key has no {unknown[0]}, only {', '.join(KEY_FIELDS)}")
    token, role, spaces = value.get("key"), value.get("role", Role.MEMBER.value), value.get("spaces")
    if not isinstance(token, str):
        raise ValueError("key has to be text")  # noqa: TRY004  # as above
    if role not in list(Role):
        raise ValueError(f"role has to be one of {', '.join(Role)}, not {quoted(role)}")
    names = [each for each in spaces if isinstance(each, str)] if isinstance(spaces, list) else []
    if spaces is not None and names != spaces:
        raise ValueError("spaces has to be an array of identifiers or names of spaces")
    return ApiKey(token, Role(str(role)), None if spaces is None else tuple(names))


def distinct(keys: Iterable[ApiKey]) -> tuple[ApiKey, ...]:
    """The keys, each with a token of its own."""
    found = tuple(keys)
    if len({key.token for key in found}) != len(found):
        raise ValueError("the same API key is listed more than once")
    return found

"""Authentication by bearer token (C44): listed keys, or without a list any that does not say it is no good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axtasks.mock.problems import RefusalError
from axtasks.mock.world.api_keys import ApiKey, Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from axtasks.mock.messages import MockRequest

SCHEME = "bearer"
REFUSED_WORDS = ("invalid", "revoked", "expired")
CHALLENGE = (("WWW-Authenticate", "Bearer"),)


def check(request: MockRequest, keys: Mapping[str, ApiKey]) -> ApiKey | None:
    """The key that a request bears, None when none are listed; a request without a usable one is refused."""
    header = request.header("authorization")
    if header is None:
        raise _refused("no API key was sent: the Authorization header is missing")
    scheme, _, token = header.partition(" ")
    token = token.strip()
    if scheme.lower() != SCHEME or not token:
        raise _refused("the Authorization header has to be: Bearer <api-key>")
    key = keys.get(token)
    if keys and key is None:
        raise _refused("the API key is unknown")
    for word in REFUSED_WORDS if key is None else ():
        if word in token.lower():
            raise _refused(f"the API key is {word}")
    if key is not None and key.role is Role.REVOKED:
        raise _refused("the API key is revoked")
    return key


def _refused(detail: str) -> RefusalError:
    return RefusalError(401, detail, headers=CHALLENGE)

"""Who is let in: any bearer token but one that says of itself that it is no good (C44)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .problems import RefusalError

if TYPE_CHECKING:
    from .messages import MockRequest

SCHEME = "bearer"
REFUSED_WORDS = ("invalid", "revoked", "expired")
CHALLENGE = (("WWW-Authenticate", "Bearer"),)


def check(request: MockRequest) -> None:
    """Refuse a request without a usable key."""
    header = request.header("authorization")
    if header is None:
        raise RefusalError(401, "no API key was sent: the Authorization header is missing", headers=CHALLENGE)
    scheme, _, token = header.partition(" ")
    token = token.strip()
    if scheme.lower() != SCHEME or not token:
        raise RefusalError(401, "the Authorization header has to be: Bearer <api-key>", headers=CHALLENGE)
    for word in REFUSED_WORDS:
        if word in token.lower():
            raise RefusalError(401, f"the API key is {word}", headers=CHALLENGE)

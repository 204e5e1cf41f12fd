"""Refusals, and the Problem Details they are answered with.

By the documents' contract a body has exactly five members: published clients of the time lose a problem that carries
any other. The beta contract has a sixth, `error_code`.
"""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from .messages import Headers

MEDIA_TYPE = "application/problem+json"
ERRORS_PAGE = "https://arize.com/docs/ax/rest-reference/errors"
PATH_CHARACTERS = "/%:@!$&'()*+,;=~"

CLASSES: dict[int, tuple[str, str]] = {
    400: ("invalid-request", "Invalid request parameters"),
    401: ("authentication-required", "Authentication required"),
    403: ("access-forbidden", "Access forbidden"),
    404: ("resource-not-found", "Resource not found"),
    405: ("method-not-allowed", "Method not allowed"),
    409: ("resource-conflict", "Resource conflict"),
    413: ("content-too-large", "Content too large"),
    415: ("unsupported-media-type", "Unsupported media type"),
    422: ("unprocessable-entity", "Unprocessable Entity"),
    429: ("rate-limit-exceeded", "Rate limit exceeded"),
    503: ("service-unavailable", "Service Unavailable"),
}

NO_CLASS = "about:blank"
"""The type of a problem that is no more than its status (RFC 9457)."""


def class_of(status: int) -> tuple[str, str]:
    """The type and the title of the problems with a status; they say no more than the status where no page does."""
    if status in CLASSES:
        anchor, title = CLASSES[status]
        return f"{ERRORS_PAGE}#{anchor}", title
    try:
        return NO_CLASS, HTTPStatus(status).phrase
    except ValueError:
        return NO_CLASS, f"Status {status}"


FIELD_NOT_APPLICABLE = "FIELD_NOT_APPLICABLE"
MALFORMED_IDENTIFIER = "MALFORMED_IDENTIFIER"
NAME_TAKEN = "NAME_TAKEN"
OPERATION_NOT_FOUND = "OPERATION_NOT_FOUND"
RUN_ENDED = "RUN_ENDED"
"""Codes that tell a problem from others of its status."""


class RefusalError(Exception):
    """A request that is not carried out: the status, what was wrong with it, and headers the answer needs.

    `code` tells it from others of its status, for contracts whose problems have one; else it is the name of the class.
    """

    def __init__(self, status: int, detail: str, *, headers: Headers = (), code: str | None = None) -> None:
        super().__init__(f"{status}: {detail}")
        self.status = status
        self.detail = detail
        self.headers = headers
        kind, title = class_of(status)
        self.code = code or re.sub(r"\W+", "_", title if kind == NO_CLASS else kind.rpartition("#")[2]).upper()

    def body(self, path: str, *, with_code: bool) -> dict[str, object]:
        """The problem, told about the path that was asked for."""
        kind, title = class_of(self.status)
        return {
            "type": kind,
            "title": title,
            "status": self.status,
            "detail": self.detail,
            "instance": quote(path, safe=PATH_CHARACTERS),
            **({"error_code": self.code} if with_code else {}),
        }


def quoted(text: object) -> str:
    """The text between double quotes, as it would stand in JSON."""
    return json.dumps(text, ensure_ascii=False, default=str)


def counted(count: int, one: str, many: str = "") -> str:
    """The number with its noun, whose plural has an s unless it is given."""
    return f"{count} {one if count == 1 else many or f'{one}s'}"


def invalid(detail: str, code: str | None = None) -> RefusalError:
    """400: the request cannot be understood, or asks for what does not apply."""
    return RefusalError(HTTPStatus.BAD_REQUEST, detail, code=code)


def inapplicable(detail: str) -> RefusalError:
    """400: a field is for something else than what it was given for."""
    return invalid(detail, FIELD_NOT_APPLICABLE)


def not_found(detail: str, code: str | None = None) -> RefusalError:
    """404: there is no such thing."""
    return RefusalError(HTTPStatus.NOT_FOUND, detail, code=code)


def conflict(detail: str) -> RefusalError:
    """409: the name is taken."""
    return RefusalError(HTTPStatus.CONFLICT, detail, code=NAME_TAKEN)


def unprocessable(detail: str, code: str | None = None) -> RefusalError:
    """422: well-formed, but it cannot be done as things stand."""
    return RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, detail, code=code)


def as_declared(refusal: RefusalError, statuses: frozenset[str]) -> RefusalError:
    """Return a refusal with a status that the operation declares: a taken name is a 422 where there is no 409 (D21)."""
    if refusal.code != NAME_TAKEN or str(refusal.status) in statuses:
        return refusal
    return unprocessable(refusal.detail, NAME_TAKEN)

"""Faults: what is to go wrong with which requests, as values and as text.

    after=3, times=2, operation=get_task_run, fault=status:503 retry_after=1

Words of one script are separated by commas or blanks, scripts by semicolons or line ends. `after` requests go unharmed,
of the others every `every`-th one is hit, with `chance=0.2` about one in five of these, and after `times` hits all is
well again. `operation`, `method` and `path` narrow down which requests are meant; a `*` in a path stands for anything.

| fault | what happens to the request | what the client gets |
| --- | --- | --- |
| `status:N` | nothing | that status, 400 to 599, with Problem Details; `retry_after`, of 429 1, is its `Retry-After` |
| `html-502` | nothing | 502 with a page of HTML, as a proxy sends it |
| `reset` | nothing | no answer: the connection is reset |
| `accept-then-drop` | it is carried out | no answer: the connection is closed |
| `delay:SECONDS` | it is carried out | the answer, late |
| `slow-drip`, `slow-drip:SECONDS` | it is carried out | the answer, one byte of its body at a time |
| `truncate` | it is carried out | the first half of the body, then the connection is closed |
| `empty` | it is carried out | 200 without a body |
| `garbage` | it is carried out | bytes that are no JSON but say they are |
| `unknown-enum` | it is carried out | a success whose statuses and types are none of the contract |
| `extra-field` | it is carried out | an answer with an unknown member in every object |
| `duplicate-page` | it is carried out | for a later page, the page before it once more |
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import unquote

from axtasks.mock.contract.contract import inside
from axtasks.mock.suggestions import closest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from axtasks.mock.messages import MockRequest

STATUSES = range(400, 600)
DRIP_SECONDS = 1.0
MOST_SECONDS = 86_400
MOST_COUNT = 1_000_000_000
METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS")
SEPARATORS = re.compile(r"[,;\s]")


class FaultError(ValueError):
    """A fault that makes no sense, or a script that cannot be read; the message names the word."""


class FaultKind(StrEnum):
    """The kinds of faults, as scripts spell them."""

    STATUS = "status"
    HTML_502 = "html-502"
    RESET = "reset"
    ACCEPT_THEN_DROP = "accept-then-drop"
    DELAY = "delay"
    SLOW_DRIP = "slow-drip"
    TRUNCATE = "truncate"
    EMPTY = "empty"
    GARBAGE = "garbage"
    UNKNOWN_ENUM = "unknown-enum"
    EXTRA_FIELD = "extra-field"
    DUPLICATE_PAGE = "duplicate-page"


PREVENTING = frozenset({FaultKind.STATUS, FaultKind.HTML_502, FaultKind.RESET})
"""The faults that keep a request from being carried out."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One fault, and the requests it is for. Its text is a script that means the same.

    Attributes:
        kind: what goes wrong.
        status: the status to answer with; for `status` alone, which needs it.
        retry_after: the whole seconds of the `Retry-After` that goes with a status.
        seconds: how late an answer is, which `delay` needs, or how far apart the bytes of a `slow-drip` are.
        after: how many of the requests it is for go unharmed first.
        times: how many are hit before all is well again; None for no end.
        every: which of them is hit, counted after `after`: 1 for each, 3 for every third.
        chance: how likely each of those is hit after all, from 0 (never) to 1 (surely); the seed of the mock decides.
        operation: the id of the one operation it is for.
        method: the one method it is for.
        path: the path it is for, percent-encoded or not; `*` stands for anything.
    """

    kind: FaultKind
    status: int | None = None
    retry_after: int | None = None
    seconds: float | None = None
    after: int = 0
    times: int | None = None
    every: int = 1
    chance: float = 1
    operation: str | None = None
    method: str | None = None
    path: str | None = None

    def __post_init__(self) -> None:
        self._check_kind()
        for name, least in (("after", 0), ("times", 1), ("every", 1), ("retry_after", 0)):
            count = getattr(self, name)
            if count is not None and not least <= count <= MOST_COUNT:
                raise FaultError(f"{name} has to be a whole number, {least} or more, not {count}")
        if not 0 <= self.chance <= 1:
            raise FaultError(f"chance has to be from 0 to 1, not {self.chance}")
        if self.operation is not None and self.operation not in inside().operations:
            raise FaultError(unknown("an operation", self.operation, inside().operations))
        if self.method is not None and self.method not in METHODS:
            raise FaultError(unknown("a method", self.method, METHODS))
        if self.path is not None and (not self.path.startswith(("/", "*")) or SEPARATORS.search(self.path)):
            raise FaultError(f'path has to begin with "/" and have no comma, semicolon or blank, not "{self.path}"')

    def _check_kind(self) -> None:
        if (self.kind is FaultKind.STATUS) != (self.status is not None):
            raise FaultError(
                f"{self.kind} has to have a status, as in status:503"
                if self.status is None
                else f"{self.kind} has no status; only status:{self.status} has"
            )
        if self.status is not None and self.status not in STATUSES:
            raise FaultError(f"status has to be from {STATUSES[0]} to {STATUSES[-1]}, not {self.status}")
        if self.retry_after is not None and self.kind is not FaultKind.STATUS:
            raise FaultError(f"retry_after goes with a status, not with {self.kind}")
        if self.kind is FaultKind.DELAY and self.seconds is None:
            raise FaultError("delay has to say how long, as in delay:2s")
        if self.seconds is not None and self.kind not in {FaultKind.DELAY, FaultKind.SLOW_DRIP}:
            raise FaultError(f"{self.kind} takes no seconds")
        if self.seconds is not None and not 0 <= self.seconds <= MOST_SECONDS:
            raise FaultError(f"{self.kind} has to be between 0 and {MOST_SECONDS} seconds, not {self.seconds}")

    def is_for(self, request: MockRequest, operation: str | None) -> bool:
        """Return whether the fault is for a request, which is for this operation if for any."""
        return (
            self.operation in {None, operation}
            and self.method in {None, request.method}
            and (self.path is None or any(map(self._pattern.fullmatch, (request.path, unquote(request.path)))))
        )

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(".*".join(map(re.escape, (self.path or "").split("*"))), re.DOTALL)

    def __str__(self) -> str:
        words = [
            *((f"after={self.after}",) if self.after else ()),
            *((f"times={self.times}",) if self.times is not None else ()),
            *((f"every={self.every}",) if self.every != 1 else ()),
            *((f"chance={_decimal(self.chance)}",) if self.chance != 1 else ()),
            *(f"{name}={value}" for name in ("operation", "method", "path") if (value := getattr(self, name))),
            f"fault={self.kind}" + (f":{self.status}" if self.status is not None else ""),
        ]
        if self.seconds is not None:
            words[-1] += f":{_decimal(self.seconds)}s"
        return ", ".join(words) + ("" if self.retry_after is None else f" retry_after={self.retry_after}")


def _decimal(number: float) -> str:
    return format(number, "f").rstrip("0").rstrip(".")


def unknown(what: str, word: str, known: Iterable[str]) -> str:
    """Return a message about an unknown word, with the one that was probably meant."""
    words = list(known)
    near = closest(word, words)
    hint = f'; did you mean "{near}"?' if near else f": {', '.join(words)}"
    return f'"{word}" is not {what}{hint}'

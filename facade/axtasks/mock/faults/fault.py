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
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from axtasks.mock.contract.contract import inside
from axtasks.mock.messages import path_fits
from axtasks.mock.suggestions import closest

if TYPE_CHECKING:
    from collections.abc import Collection

    from axtasks.mock.messages import MockRequest

STATUSES = range(400, 600)
DRIP_SECONDS = 1.0
MOST_SECONDS = 86_400
MOST_COUNT = 1_000_000_000
METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS")
SEPARATORS = re.compile(r"[,;\s]")
SCRIPT_ENDS = re.compile(r"[;\n]")
WORD_ENDS = re.compile(r"[,\s]+")
WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
SHARE = re.compile(r"[01](?:\.[0-9]{1,6})?|\.[0-9]{1,6}", re.ASCII)
SECONDS = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?|\.[0-9]{1,6})(ms|s)?", re.ASCII)
SELECTING = ("after", "times", "every", "chance", "operation", "method", "path")
"""The words of a script, and attributes of a fault, that select the requests it strikes."""
KEYS = (*SELECTING, "fault", "retry_after")


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


KINDS = tuple(kind.value for kind in FaultKind)
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
            and (self.path is None or path_fits(request.path, self.path))
        )

    def __str__(self) -> str:
        words = [
            f"{each.name}={_decimal(value) if each.name == 'chance' else value}"
            for each in fields(self)
            if each.name in SELECTING and (value := getattr(self, each.name)) != each.default
        ]
        seconds = "" if self.seconds is None else f":{_decimal(self.seconds)}s"
        words.append(f"fault={self.kind}{seconds if self.status is None else f':{self.status}'}")
        return ", ".join(words) + ("" if self.retry_after is None else f" retry_after={self.retry_after}")


def _decimal(number: float) -> str:
    return format(number, "f").rstrip("0").rstrip(".")


def unknown(what: str, word: str, known: Collection[str]) -> str:
    """Return a message about an unknown word, with the one that was probably meant."""
    near = closest(word, known)
    hint = f'; did you mean "{near}"?' if near else f": {', '.join(known)}"
    return f'"{word}" is not {what}{hint}'


def parse(text: str) -> tuple[Fault, ...]:
    """The faults that a text arms, in its order.

    Raises:
        FaultError: a word is unknown, or there is no fault in the text at all.
    """
    scripts = [script.strip() for script in SCRIPT_ENDS.split(text) if script.strip()]
    if not scripts:
        raise FaultError('there is no fault in the text; one is, for example, "times=2, fault=status:503"')
    return tuple(map(_script, scripts))


def _script(script: str) -> Fault:
    try:
        given = _given(script)
        stated = _effect(given.pop("fault"))
        stated |= {key: _value(key, value) for key, value in given.items()}
        return Fault(**stated)
    except FaultError as error:
        raise FaultError(f'in the fault script "{script}": {error}') from error


def _given(script: str) -> dict[str, str]:
    """The keys of a script and what they are given; a word alone is a fault."""
    given: dict[str, str] = {}
    for word in filter(None, WORD_ENDS.split(script)):
        key, equals, value = word.partition("=")
        if not equals:
            _check_alone(word)
            key, value = "fault", word
        if key not in KEYS:
            raise FaultError(f"{unknown('a key', key, KEYS)} (in {word})")
        if key in given:
            raise FaultError(f'"{key}" was given more than once')
        given[key] = value
    if "fault" not in given:
        raise FaultError("it has no fault=, such as fault=status:503")
    return given


def _check_alone(word: str) -> None:
    """Refuse a word without `=` that is no fault: it may have been meant for a key."""
    name, _, argument = word.partition(":")
    near = closest(name.replace("-", "_"), [*KINDS, *KEYS])
    if name not in KINDS and near in KEYS:
        raise FaultError(f'"{word}" is not a fault; did you mean "{near}={argument or "..."}"?')
    if name not in KINDS:
        raise FaultError(unknown("a fault", name, KINDS))


def _value(key: str, text: str) -> int | float | str:
    if key in {"after", "times", "every", "retry_after"}:
        return _whole(key, text)
    if key == "chance" and SHARE.fullmatch(text) is None:
        raise FaultError(f'{key} has to be a number from 0 to 1, such as 0.2, not "{text}"')
    return float(text) if key == "chance" else text.upper() if key == "method" else text


def _effect(text: str) -> dict[str, Any]:
    """Read the effect of a fault from text such as `status:503` or `reset`."""
    name, colon, argument = text.partition(":")
    if name not in KINDS:
        raise FaultError(unknown("a fault", name, KINDS))
    kind = FaultKind(name)
    if kind is FaultKind.STATUS and colon:
        return {"kind": kind, "status": _whole(name, argument)}
    if kind in {FaultKind.DELAY, FaultKind.SLOW_DRIP} and colon:
        return {"kind": kind, "seconds": _seconds(name, argument)}
    if colon:
        raise FaultError(f'"{name}" takes nothing after a colon, not "{argument}"')
    return {"kind": kind, "seconds": DRIP_SECONDS} if kind is FaultKind.SLOW_DRIP else {"kind": kind}


def _whole(name: str, text: str) -> int:
    """A whole number that is not negative."""
    if WHOLE.fullmatch(text) is None:
        raise FaultError(f'{name} has to be a whole number, not "{text}"')
    return int(text)


def _seconds(name: str, text: str) -> float:
    """A length of time, such as `2s`, `250ms` or `1.5`."""
    match = SECONDS.fullmatch(text)
    if match is None:
        raise FaultError(f'{name} has to be a time such as 2s, 250ms or 1.5, not "{text}"')
    return float(match[1]) / (1000 if match[2] == "ms" else 1)

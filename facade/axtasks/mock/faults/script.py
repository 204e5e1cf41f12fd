"""Reading the text of faults."""

from __future__ import annotations

import re
from typing import Any

from axtasks.mock.suggestions import closest

from .fault import DRIP_SECONDS, Fault, FaultError, FaultKind, unknown

SCRIPT_ENDS = re.compile(r"[;\n]")
WORD_ENDS = re.compile(r"[,\s]+")
WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
SHARE = re.compile(r"[01](?:\.[0-9]{1,6})?|\.[0-9]{1,6}", re.ASCII)
SECONDS = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?|\.[0-9]{1,6})(ms|s)?", re.ASCII)
KEYS = ("after", "times", "every", "chance", "operation", "method", "path", "fault", "retry_after")
KINDS = tuple(kind.value for kind in FaultKind)


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
        stated = effect(given.pop("fault"))
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
        return whole(key, text)
    if key == "chance":
        return share(key, text)
    return text.upper() if key == "method" else text


def effect(text: str) -> dict[str, Any]:
    """Read the effect of a fault from text such as `status:503` or `reset`.

    Raises:
        FaultError: there is no such fault, or what stands after its colon does not fit.
    """
    name, colon, argument = text.partition(":")
    if name not in KINDS:
        raise FaultError(unknown("a fault", name, KINDS))
    kind = FaultKind(name)
    if kind is FaultKind.STATUS and colon:
        return {"kind": kind, "status": whole(name, argument)}
    if kind in {FaultKind.DELAY, FaultKind.SLOW_DRIP} and colon:
        return {"kind": kind, "seconds": seconds(name, argument)}
    if colon:
        raise FaultError(f'"{name}" takes nothing after a colon, not "{argument}"')
    return {"kind": kind, "seconds": DRIP_SECONDS} if kind is FaultKind.SLOW_DRIP else {"kind": kind}


def whole(name: str, text: str) -> int:
    """A whole number that is not negative."""
    if WHOLE.fullmatch(text) is None:
        raise FaultError(f'{name} has to be a whole number, not "{text}"')
    return int(text)


def share(name: str, text: str) -> float:
    """A number such as `0.2`; up to 1, which is for the fault to say."""
    if SHARE.fullmatch(text) is None:
        raise FaultError(f'{name} has to be a number from 0 to 1, such as 0.2, not "{text}"')
    return float(text)


def seconds(name: str, text: str) -> float:
    """A length of time, such as `2s`, `250ms` or `1.5`."""
    match = SECONDS.fullmatch(text)
    if match is None:
        raise FaultError(f'{name} has to be a time such as 2s, 250ms or 1.5, not "{text}"')
    return float(match[1]) / (1000 if match[2] == "ms" else 1)

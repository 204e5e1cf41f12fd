"""The `Prefer` header (RFC 7240): what one request asks to go wrong with itself.

    Prefer: code=429, retry_after=3, delay=1.5
    Prefer: fault="slow-drip:10ms"

`Preference-Applied` in the answer tells which preferences were understood. As the RFC has it, others are passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import TYPE_CHECKING

from .fault import Fault, FaultError, FaultKind
from .script import effect, seconds, whole

if TYPE_CHECKING:
    from axtasks.mock.messages import Headers

PREFERENCE = re.compile(r'\s*([A-Za-z_-]+)\s*=\s*("[^"\\]*"|[^\s",;]+)\s*')


class Name(StrEnum):
    """The names of the preferences."""

    CODE = auto()
    RETRY_AFTER = auto()
    DELAY = auto()
    FAULT = auto()


TOGETHER = ((Name.CODE, Name.RETRY_AFTER), (Name.CODE,), (Name.DELAY,), (Name.FAULT,))
"""The preferences that make a fault."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """The faults that a request asks for, and the words it does so with."""

    faults: tuple[Fault, ...] = ()
    applied: str | None = None


NONE = Preferences()


def read(headers: Headers) -> Preferences:
    """Read the preferences of the `Prefer` headers among these."""
    values = [value for name, value in headers if name.lower() == "prefer"]
    if not values:
        return NONE
    wishes: dict[str, str] = {}
    for each in ",".join(values).split(","):
        if match := PREFERENCE.fullmatch(each):
            wishes.setdefault(match[1].lower(), match[2])  # of a preference that is given twice the first counts
    faults: list[Fault] = []
    applied: list[str] = []
    for names in TOGETHER:
        if wishes.keys() >= set(names) and (fault := _fault(wishes, names)) is not None:
            faults.append(fault)
            applied += [f"{name}={wishes.pop(name)}" for name in names]
    return Preferences(tuple(faults), ", ".join(applied) or None)


def _fault(wishes: dict[str, str], names: tuple[Name, ...]) -> Fault | None:
    """The fault that these preferences make; None when they cannot be understood."""
    asked = {name: wishes[name].strip('"') for name in names}
    try:
        if Name.CODE in asked:
            retry_after = whole(Name.RETRY_AFTER, asked[Name.RETRY_AFTER]) if Name.RETRY_AFTER in asked else None
            return Fault(kind=FaultKind.STATUS, status=whole(Name.CODE, asked[Name.CODE]), retry_after=retry_after)
        if Name.DELAY in asked:
            return Fault(kind=FaultKind.DELAY, seconds=seconds(Name.DELAY, asked[Name.DELAY]))
        return Fault(**effect(asked[Name.FAULT]))
    except FaultError:
        return None

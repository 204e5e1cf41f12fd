"""What is wanted of a shelf: things with certain values, and with a text somewhere in their name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

NAME = "name"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Things of which each named attribute has one of some values, and whose name contains a part in any case."""

    values: Mapping[str, Collection[object]] = field(default_factory=dict)
    part: str = ""
    folded: str = field(init=False)
    """The part as it compares with names in any case."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "folded", self.part.casefold())

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out."""
        return not self.values and not self.part

    def fits(self, thing: object) -> bool:
        """Whether a thing is wanted."""
        for name, allowed in self.values.items():
            if getattr(thing, name) not in allowed:
                return False
        return not self.folded or self.folded in folded_name(thing)


def folded_name(thing: object) -> str:
    """The name of a thing as it compares with parts in any case."""
    return str(getattr(thing, NAME)).casefold()


EVERYTHING = Wanted()

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

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out."""
        return not self.values and not self.part

    def fits(self, thing: object) -> bool:
        """Whether a thing is wanted."""
        for name, allowed in self.values.items():
            if getattr(thing, name) not in allowed:
                return False
        return not self.part or self.part.casefold() in str(getattr(thing, NAME)).casefold()


EVERYTHING = Wanted()

"""Queries on a table: values that attributes have to have, and a text somewhere in the name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

NAME = "name"


@dataclass(frozen=True, slots=True)
class Query:
    """Resources of which each named attribute has one of some values, and whose name contains a part in any case."""

    values: Mapping[str, Collection[object]] = field(default_factory=dict)
    part: str = ""
    folded: str = field(init=False)
    """The part as it compares with names in any case."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "folded", self.part.casefold())

    def has_values(self, resource: object) -> bool:
        """Return whether a resource has one of the values for each attribute, whatever its name is."""
        return not self.values or all(getattr(resource, name) in allowed for name, allowed in self.values.items())


EVERYTHING = Query()

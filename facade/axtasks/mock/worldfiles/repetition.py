"""Items of a world that stand for many: `count: 10000, name: "nightly-{n}"`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from axtasks.mock.jsontypes import JsonObject, JsonValue, as_list, as_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .document import Document, Steps

# With a second brace it is a variable of a prompt, and none of ours.
NUMBER = re.compile(r"(?<!\{)\{n(?::(0?[1-9][0-9]?)d)?\}(?!\})")
NAME = "name"
MOST_ITEMS = 1_000_000


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to be made: what is said of it, and where.

    `differs_by_name` is for one of several that stand at the same place, when nothing but the name is another for each.
    """

    data: JsonObject
    steps: Steps
    document: Document
    differs_by_name: bool = False

    def refuse(self, message: str, *steps: str | int) -> Exception:
        """Return an error about the item, or about a part of it."""
        return self.document.error((*self.steps, *steps), message)

    def whole(self, name: str, default: int = 0) -> int:
        """The whole number in a field; to a schema 3.0 is one too."""
        value = self.data.get(name, default)
        return int(value) if isinstance(value, int | float) else default


def items(document: Document, world: JsonObject, kind: str) -> Iterator[Item]:
    """Every item of one kind, in the order in which they stand there; those with a count as often as that."""
    made = 0
    for index, value in enumerate(as_list(world.get(kind, []))):
        data, steps = as_object(value), (kind, index)
        item = Item(data, steps, document)
        count = item.whole("count", 1)
        made += count
        if made > MOST_ITEMS:
            raise item.refuse(f"these would be more than {MOST_ITEMS} {kind}")
        if "count" not in data:
            yield item
            continue
        if "id" in data:
            raise item.refuse("cannot be given to several at once; leave it out beside count", "id")
        said = {key: each for key, each in data.items() if key != "count"}
        varied = {key: each for key, each in said.items() if numbered(each, 1) != each}
        for number in range(1, count + 1):
            now = {key: numbered(each, number) for key, each in varied.items()}
            yield Item({**said, **now}, steps, document, differs_by_name=list(varied) == [NAME])


def numbered(value: JsonValue, number: int) -> JsonValue:
    """The value with the number in place of every {n} in its texts; {n:05d} pads it with zeros."""
    if isinstance(value, str):
        return NUMBER.sub(lambda found: format(number, f"{found[1] or ''}d"), value) if "{n" in value else value
    if isinstance(value, list):
        return [numbered(each, number) for each in value]
    if isinstance(value, dict):
        return {key: numbered(each, number) for key, each in value.items()}
    return value

"""Worlds as people write them, in YAML: names in place of identifiers, without what loading fills in."""

from __future__ import annotations

import re
from textwrap import indent
from typing import TYPE_CHECKING, cast

import yaml

from axtasks.mock import ids
from axtasks.mock.ids import IdKind
from axtasks.mock.jsontypes import JsonObject, JsonValue, as_list, as_object
from axtasks.mock.world.default_world import unchanged_default_world
from axtasks.mock.world.names import Names, UnknownNameError
from axtasks.mock.world.resource_types import BY_KIND, TYPES, ResourceType, written_name

from .document import Document, WorldFileError, WorldLoader
from .loader import BASE, START, make_world
from .repetition import NAME, numbered
from .writer import dump_world

if TYPE_CHECKING:
    from collections.abc import Iterator

    from axtasks.mock.world.world import World

NAMED = {
    **{written_name(name, each.references): kind for each in TYPES for name, kind in each.references.items()},
    "evaluator": IdKind.EVALUATOR,
    "ai_integration_id": IdKind.AI_INTEGRATION,
}
"""The fields that name other resources, at whatever depth."""
TIMES = ("_at", "_time")
FILLED_IN = {"updated_at", "last_run_at", "dataset_version", "num_successes", "num_errors", "num_skipped"}
"""Fields that loading fills in by others, or with 0. They are written where it does otherwise."""
FIRST_NUMBER = re.compile(r"(?<!\d)0*1(?=\D*\Z)")
BLOCK = re.compile(r"(?!(?s:.)*[\x85\u2028\u2029])(?:(?:[^\S\n]*\S.*)?\n)+[^\S\n]*\S.*\n?")
"""Text of several lines that is read back as it is: no line is blanks alone, nor is the last one empty."""
OF_DATASETS = {IdKind.DATASET_VERSION, IdKind.EXPERIMENT}
FEW = 2
LONGEST_LINE = 120


def export_world(world: World, *, seed: int = 0) -> str:
    """Return the text of a world file that loads, with the same seed, as the same world."""
    whole = dump_world(world)
    for adds_to_default in (True, False):
        draft = _Draft(world, whole, seed, unchanged_default_world() if adds_to_default else None)
        if draft.is_complete():
            return _text(draft.data())
    return _text(whole)


class _Draft:
    """A world file in the making: what can be left out of a whole one is found out by loading it."""

    def __init__(self, world: World, whole: JsonObject, seed: int, base: World | None) -> None:
        self._names, self._whole, self._seed, self._base = Names(world), whole, seed, base
        self._based = {} if base is None else dump_world(base)
        self._left_out = {each.name: [self._superfluous(each, it) for it in self._items(each, whole)] for each in TYPES}
        datasets = self._items(BY_KIND[IdKind.DATASET], whole)
        versions = [as_object(it)["id"] for each in datasets for it in as_list(each["versions"])]
        self._derives_versions = self._are_derived(IdKind.DATASET_VERSION, versions)
        for each in TYPES:
            if self._are_derived(each.kind, [it["id"] for it in self._items(each, whole)]):
                for left_out in self._left_out[each.name]:
                    left_out.add("id")

    def is_complete(self) -> bool:
        """Return whether it loads as the world; what it lacks for that is added first."""
        if not self._holds_base():
            return False
        for _ in range(2):
            try:
                loaded = dump_world(make_world(Document(self.data()), seed=self._seed, start=START))
            except WorldFileError:
                return False
            if loaded == self._whole:
                return True
            for each in TYPES:
                pairs = zip(self._items(each, self._whole), self._items(each, loaded), strict=False)
                for (item, other), left_out in zip(pairs, self._left_out[each.name], strict=False):
                    left_out -= {name for name in item if name not in other or other[name] != item[name]}
        return False

    def data(self) -> JsonObject:
        """The world file as data."""
        data: JsonObject = {} if self._base is None else {BASE: "default"}
        data.update({name: each for name, each in self._whole.items() if isinstance(each, dict)})
        for each in TYPES:
            pairs = zip(self._items(each, self._whole), self._left_out[each.name], strict=True)
            if written := [self._written(item, left_out) for item, left_out in pairs]:
                data[each.name] = [*written]
        return data

    def _items(self, described: ResourceType, data: JsonObject) -> list[JsonObject]:
        """The items of a type that the base has not."""
        return [*map(as_object, as_list(data[described.name])[len(as_list(self._based.get(described.name, []))) :])]

    def _holds_base(self) -> bool:
        """Return whether the world begins with all that the base has; when a task last ran follows from the runs."""
        for name, listed in self._based.items():
            base = [*map(as_object, as_list(listed))]
            items = map(as_object, as_list(self._whole[name])[: len(base)])
            if [it | {"last_run_at": None} for it in items] != [it | {"last_run_at": None} for it in base]:
                return False
        return True

    def _are_derived(self, kind: IdKind, identifiers: list[JsonValue]) -> bool:
        """Return whether loading makes the same identifiers up."""
        first = 1 + (0 if self._base is None else self._base.numbers.get(kind, 0))
        return identifiers == [ids.derived(kind, first + at, self._seed) for at in range(len(identifiers))]

    def _superfluous(self, described: ResourceType, item: JsonObject) -> set[str]:
        """The fields of an item that can perhaps be left out."""
        explicit = {written_name(name, described.references) for name in described.explicit}
        defaults = {name for name, value in described.defaults.items() if item.get(name) == value}
        return FILLED_IN | explicit | defaults | ({"space"} if len(as_list(self._whole["spaces"])) == 1 else set())

    def _written(self, item: JsonObject, left_out: set[str]) -> JsonObject:
        """An item without these fields, and with names for identifiers."""
        written = {name: each for name, each in item.items() if name not in left_out}
        if "versions" in written:
            versions = [self._version(item, as_object(each)) for each in as_list(written.pop("versions"))]
            is_plain = len(versions) == 1 and versions[0].keys() == {"name", "examples"} and versions[0]["name"] == "v1"
            written.update({"examples": versions[0]["examples"]} if is_plain else {"versions": [*versions]})
        return {name: self._named(name, each, item.get("dataset")) for name, each in written.items()}

    def _version(self, dataset: JsonObject, version: JsonObject) -> JsonObject:
        left_out = {"id"} if self._derives_versions else set()
        left_out |= {"created_at"} if version["created_at"] == dataset["created_at"] else set()
        left_out |= {"updated_at"} if version["updated_at"] == version["created_at"] else set()
        return {name: each for name, each in version.items() if name not in left_out}

    def _named(self, field: str, value: JsonValue, dataset: JsonValue) -> JsonValue:
        """Return the value of a field with the shortest text for identifiers, and times without needless zeros."""
        if isinstance(value, dict):
            named = {name: self._named(name, each, dataset) for name, each in value.items()}
            return named["evaluator"] if named.keys() == {"evaluator"} else named
        if isinstance(value, list):
            return [self._named(field, each, dataset) for each in value]
        if not isinstance(value, str) or self._names.name(value) is None or field not in NAMED:
            return re.sub(r"\.000Z\Z", "Z", value) if isinstance(value, str) and field.endswith(TIMES) else value
        kind = NAMED[field]
        inside = str(dataset) if kind in OF_DATASETS and dataset is not None else None
        for text in (self._names.name(value), self._names.path(kind, value)):
            try:
                if self._names.find(kind, str(text), inside=inside) == value:
                    return text
            except UnknownNameError:
                continue  # it means several
        return value


def _text(data: JsonObject) -> str:
    """The YAML of a world file: an item is a line where it fits on one."""
    lines: list[str] = []
    for name, section in data.items():
        if isinstance(section, list) and section:
            lines += [f"{name}:\n", *map(_entry, _counted([*map(as_object, section)]))]
        elif isinstance(section, dict):
            lines += [f"{name}:\n", indent(_block(section), "  ")]
        elif isinstance(section, str):
            lines.append(f"{name}: {section}\n")
    return "".join(lines) or "{}\n"


def _counted(items: list[JsonObject]) -> Iterator[JsonObject]:
    """The items; those that follow each other and differ by a number in their name are one, with a count."""
    at = 0
    while at < len(items):
        item = items[at]
        rest, count, name = {**item, NAME: ""}, 0, str(item.get(NAME, ""))
        # The place for the numbers is as wide as the first one is.
        pattern = FIRST_NUMBER.sub(lambda it: "{n}" if it[0] == "1" else f"{{n:0{len(it[0])}d}}", name)
        while items[at + count : at + count + 1] == [
            {**as_object(numbered(rest, 0)), NAME: numbered(pattern, count + 1)}
        ]:
            count += 1
        yield {"count": count, **item, NAME: pattern} if count > FEW else item
        at += count if count > FEW else 1


def _entry(item: JsonObject) -> str:
    line = f"- {_dumped(item, flow=True)}"
    if len(line) <= LONGEST_LINE + 1 and "\\n" not in line:
        return line
    return "- " + indent(_block(item), "  ").removeprefix("  ")


def _block(fields: JsonObject) -> str:
    """One field a line; what has no lists or objects in it stays on the line of its name."""
    flows = {name: None if isinstance(each, list | dict) else False for name, each in fields.items()}
    return "".join(_dumped({name: each}, flow=flows[name]) for name, each in fields.items())


_Base: type[yaml.SafeDumper] = cast("type[yaml.SafeDumper]", getattr(yaml, "CSafeDumper", yaml.SafeDumper))


class _Dumper(_Base):  # type: ignore[misc,valid-type]  # which of the two it is depends on how PyYAML was built
    """Writes YAML with the scalars that world files have; text of several lines as a block."""

    yaml_implicit_resolvers = WorldLoader.yaml_implicit_resolvers

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  # as PyYAML has it
        """Write what is there twice, twice."""
        return True


_Dumper.add_representer(
    str, lambda dumper, it: dumper.represent_scalar("tag:yaml.org,2002:str", it, "|" if BLOCK.fullmatch(it) else None)
)


def _dumped(value: JsonValue, *, flow: bool | None) -> str:
    text: str = yaml.dump(
        value,
        Dumper=_Dumper,
        default_flow_style=flow,
        sort_keys=False,
        allow_unicode=True,
        width=LONGEST_LINE if flow is None else 1_000_000,
    )
    return text

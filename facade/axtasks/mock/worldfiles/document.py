"""The text of a world, YAML or JSON, as data; and the line on which any part of it stands."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import yaml
from yaml.composer import ComposerError

from axtasks.mock.jsontypes import distinct, not_json, path_text

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from pathlib import Path

    from axtasks.mock.jsontypes import JsonValue

Steps = tuple[str | int, ...]
"""The way from the top of a document to a part of it."""

MOST_NODES = 5_000_000
MOST_LEVELS = 200
MOST_ALIASES = 10_000
_SURROGATE = r"\ud"
_Loader: type[yaml.SafeLoader] = cast("type[yaml.SafeLoader]", getattr(yaml, "CSafeLoader", yaml.SafeLoader))


class WorldFileError(ValueError):
    """A world that cannot be made: the file and the line if there are any, where in it, and what is wrong."""

    def __init__(self, path: str | None, line: int | None, where: str, message: str) -> None:
        self.path = path
        self.line = line
        self.where = where
        self.message = message
        place = f"{path}:{line}" if path and line else path or (f"line {line}" if line else "")
        super().__init__(": ".join(part for part in (place, where, message) if part))


@dataclass(frozen=True, slots=True)
class Document:
    """A world as data, with the text it came from, if it came from one."""

    data: JsonValue
    text: str | None = None
    path: str | None = None

    def error(self, steps: Sequence[str | int], message: str) -> WorldFileError:
        """Return an error about a part, with the line on which that part stands."""
        return WorldFileError(self.path, self._line(steps), path_text(steps), message)

    def _line(self, steps: Sequence[str | int]) -> int | None:
        """The line of a part, or that of the nearest part around it; looked for only once something is wrong."""
        if self.text is None:
            return None
        try:
            # Tabs between tokens are for JSON alone, and never stand inside its strings.
            node = yaml.compose(self.text.replace("\t", " "), Loader=_Loader)
        except (yaml.YAMLError, RecursionError):
            return None
        if node is None:
            return None
        line: int = node.start_mark.line + 1
        for step in steps:
            found = _child(node, step)
            if found is None:
                break
            line, node = found
        return line


def read_file(path: Path) -> Document:
    """The world in a file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise WorldFileError(str(path), None, "", f"cannot be read: {error.strerror or error}") from error
    except UnicodeError as error:
        raise WorldFileError(str(path), None, "", f"is not UTF-8 text: {error}") from error
    return read_text(text, str(path))


def read_text(text: str, path: str | None = None) -> Document:
    """The world in a text."""
    try:
        return Document(_read(text), text, path)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = " ".join(part for part in (error.problem, error.context) if part)
        # The end of a text is told as the line after its last one.
        line = None if mark is None else min(mark.line + 1, len(text.splitlines()))
        raise WorldFileError(path, line, "", message) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, max(0, text.find(chr(error.character)))) + 1
        raise WorldFileError(path, line, "", f"the character U+{error.character:04X} is not allowed") from error
    except RecursionError as error:
        raise WorldFileError(path, None, "", "is nested too deeply") from error


def _read(text: str) -> JsonValue:
    if text.lstrip().startswith("{"):
        # Far faster than reading the same as YAML, which it is as well.
        try:
            value: JsonValue = json.loads(text, object_pairs_hook=distinct, parse_constant=not_json)
        except ValueError:
            return _read_yaml(text)  # to learn on which line it is wrong
        if _SURROGATE in text.lower():
            try:
                json.dumps(value, ensure_ascii=False).encode()
            except UnicodeEncodeError:  # no answer can be sent with it
                raise ComposerError(None, None, "has half of a surrogate pair in a text", None) from None
        return value
    return _read_yaml(text)


class WorldLoader(_Loader):  # type: ignore[misc,valid-type]  # which of the two it is depends on how PyYAML was built
    """YAML with the scalars of JSON: no dates, no numbers in base 60, and `no` is a word like any other."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012  # PyYAML's own way

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = True) -> dict[Hashable, Any]:
        """An object; each key is text and stands there once."""
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value in seen:
                is_text = isinstance(key, yaml.ScalarNode)
                problem = f"{key.value!r} stands there twice" if is_text else "a key has to be text"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen.add(key.value)
        self.flatten_mapping(node)
        # What was merged is not looked at above.
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key has to be text", key.start_mark)
        return {key.value: self.construct_object(value, deep=deep) for key, value in node.value}

    def construct_whole(self, node: yaml.ScalarNode) -> int:
        """A whole number, which has to be one that Python reads."""
        try:
            return int(self.construct_yaml_int(node))
        except ValueError as error:
            digits = node.value.lstrip("-")
            is_long = digits.isdecimal()
            problem = f"a number of {len(digits)} digits is too long" if is_long else f"{node.value!r} is not a number"
            raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark) from error


for _tag, _pattern, _first in (
    ("null", r"~|null|", ["~", "n", ""]),
    ("bool", r"true|false", ["t", "f"]),
    ("int", r"-?(?:0|[1-9][0-9]*)", list("-0123456789")),
    ("float", r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?", list("-0123456789")),
    ("merge", r"<<", ["<"]),
):
    WorldLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_pattern})\Z"), _first)

WorldLoader.yaml_constructors = {
    tag: construct
    for tag, construct in _Loader.yaml_constructors.items()
    if tag is None or tag.rpartition(":")[2] in {"null", "bool", "int", "float", "str", "seq", "map"}
}
WorldLoader.add_constructor("tag:yaml.org,2002:int", WorldLoader.construct_whole)


def _read_yaml(text: str) -> JsonValue:
    _check_depth(text)
    loader = WorldLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        _check_growth(node, {}, 1)
        return cast("JsonValue", loader.construct_document(node))
    finally:
        loader.dispose()


def _check_depth(text: str) -> None:
    """Refuse what is nested so deeply that the compiled reader would end the process instead of raising an error.

    What has many aliases is refused too: 200,000 of them would be read for ten seconds.
    """
    depth = aliases = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        aliases += isinstance(event, yaml.AliasEvent)
        if depth > MOST_LEVELS:
            raise _refused("is nested too deeply", event)
        if aliases > MOST_ALIASES:
            raise _refused(f"has more than {MOST_ALIASES} aliases", event)


def _refused(problem: str, at: yaml.Event | yaml.Node) -> ComposerError:
    return ComposerError(None, None, problem, cast("yaml.Mark | None", at.start_mark))


def _check_growth(node: yaml.Node, known: dict[int, tuple[int, int]], level: int) -> tuple[int, int]:
    """Return how many nodes and levels there are in a node, those behind aliases once for each alias.

    Refuse a node with too many of either: behind aliases may be what no text is long enough for.
    """
    if level > MOST_LEVELS:
        raise _refused("is nested too deeply by its aliases", node)
    if id(node) not in known:
        known[id(node)] = MOST_NODES, 0  # whoever asks for it meanwhile is inside of it
        parts = [node.value] if isinstance(node, yaml.SequenceNode) else node.value
        groups = parts if isinstance(node, yaml.CollectionNode) else ()
        inner = [_check_growth(part, known, level + 1) for group in groups for part in group]
        known[id(node)] = 1 + sum(size for size, _ in inner), 1 + max((levels for _, levels in inner), default=0)
    size, levels = known[id(node)]
    if size > MOST_NODES:
        raise _refused("grows too large by its aliases", node)
    if level + levels - 1 > MOST_LEVELS:
        raise _refused("is nested too deeply by its aliases", node)
    return size, levels


def _child(node: yaml.Node, step: str | int) -> tuple[int, yaml.Node] | None:
    """The line and the node of a part of a node."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key.start_mark.line + 1, value
    elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line + 1, node.value[step]
    return None

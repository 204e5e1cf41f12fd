"""The contract as data: read from a file as YAML 1.2 has it, with overlays applied."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import yaml

from .overlays import apply_overlay

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

Document = dict[str, Any]
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
MERGE = "tag:yaml.org,2002:merge"
TEXT = "tag:yaml.org,2002:str"
# The core schema of YAML 1.2, and the merge key of 1.1: a date is text, and so are `no` and `1_000`.
CORE_SCHEMA = {
    "null": (r"~|null|Null|NULL|", "~nN"),
    "bool": (r"true|True|TRUE|false|False|FALSE", "tTfF"),
    "int": (r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    "float": (
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        "-+.0123456789",
    ),
    "merge": (r"<<", "<"),
}


class ContractError(Exception):
    """A file is no contract, or an overlay does not fit it."""


# The safe one, in C where PyYAML was built with it: that takes a tenth of the time.
class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # one class or the other
    """A loader of JSON data by the core schema of YAML 1.2."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  an attribute of PyYAML's own

    def construct_integer(self, node: yaml.ScalarNode) -> int:
        """Read an integer, whose leading zeros mean nothing."""
        text: str = node.value
        return int(text, 0) if text[:2] in {"0o", "0x"} else int(text)


for _name, (_pattern, _first) in CORE_SCHEMA.items():
    _letters: list[Any] = [*_first, *([""] if _name == "null" else [])]
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", re.compile(rf"(?:{_pattern})\Z"), _letters)
Loader.add_constructor("tag:yaml.org,2002:int", Loader.construct_integer)


def load_contract(spec: Path, overlays: Sequence[Path] = ()) -> Document:
    """The contract as JSON data, with the overlays applied in their order.

    Raises:
        ContractError: a file is not a YAML mapping, has a key twice, or holds something that JSON cannot say; or the
            contract has an operationId twice.
        OverlayError: an action of an overlay has no reason, or no effect.
    """
    contract = load_mapping(spec)
    for overlay in overlays:
        apply_overlay(contract, load_mapping(overlay), overlay.name)
    _refuse_repeated_ids(contract, (spec, *overlays))
    return contract


def load_mapping(file: Path) -> Document:
    """A YAML or JSON file as a mapping of JSON data of its own, in which no two places share one object.

    Raises:
        ContractError: the file is not a mapping, has a key twice, or holds something that JSON cannot say.
    """
    try:
        text = file.read_text(encoding="utf-8")
        if text.lstrip().startswith("{") and (read := _read_json(text)) is not None:
            return read
        loader = Loader(text)
        node = loader.get_single_node()
        _check_keys(node, file.name)
        found = None if node is None else loader.construct_document(node)
        text = json.dumps(found, allow_nan=False, ensure_ascii=False)
        text.encode()
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ContractError(f"{file.name}{line} is not a contract: {error.problem}") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError, ValueError, RecursionError) as error:
        raise ContractError(f"{file} is not a contract: {_one_line(error)}") from error
    document = json.loads(text)
    if not isinstance(document, dict):
        raise ContractError(f"{file} is not a contract: its top level is not a mapping")
    return document


def _read_json(text: str) -> Document | None:
    """Read JSON, whose escapes YAML knows only in part; None where it is none, or has a key or a number no JSON has."""
    try:
        found: Document = json.loads(text, object_pairs_hook=_unrepeated)
        # A number may be too large for a float, and an escape half of a character.
        json.dumps(found, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return found


def _unrepeated(pairs: list[tuple[str, Any]]) -> Document:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def operations(contract: Document) -> Iterator[tuple[str, str, Document]]:
    """Each operation with its path and method.

    Raises:
        ContractError: the reference of a path leads nowhere, out of the contract, or in a circle.
    """
    for path, item in path_items(contract).items():
        for method, operation in item.items():
            if method in METHODS and isinstance(operation, dict):
                yield path, method, operation


def path_items(contract: Document) -> dict[str, Document]:
    """Return each path with its item: what stands there, and what that refers to.

    Raises:
        ContractError: a reference leads nowhere, out of the contract, or in a circle.
    """
    items = {path: item for path, item in mapping(contract.get("paths")).items() if not path.startswith("x-")}
    for path, item in items.items():
        resolve(contract, item, f"paths.{path}")
    return {path: _with_referred(contract, item) for path, item in items.items()}


def _with_referred(contract: Document, item: Document) -> Document:
    reference, beside = item.get("$ref"), {key: value for key, value in item.items() if key != "$ref"}
    if not isinstance(reference, str):
        return item
    return {**_with_referred(contract, target(contract, reference, "paths")), **beside}


def resolve(contract: Document, value: object, where: str) -> tuple[Document, str]:
    """An object of the contract and its place, both of what it refers to if it is a reference.

    Raises:
        ContractError: the reference leads nowhere, out of the contract, or in a circle.
    """
    seen: list[str] = []
    while isinstance(value, dict) and isinstance(value.get("$ref"), str):
        reference = value["$ref"]
        if reference in seen:
            raise ContractError(f"{where}: $ref {reference!r} refers to itself")
        seen.append(reference)
        value, where = target(contract, reference, where), reference.removeprefix("#/").replace("/", ".")
    if not isinstance(value, dict):
        raise ContractError(f"{where}: {value!r} is no object")
    return value, where


def target(contract: Document, reference: str, where: str) -> Any:
    """The part of the contract that a reference names.

    Raises:
        ContractError: there is none.
    """
    if not reference.startswith("#/"):
        hint = "" if reference.startswith("#") else ": make one file of them all first"
        raise ContractError(f"{where}: $ref {reference!r} leads out of the contract{hint}")
    found: Any = contract
    for step in unquote(reference.removeprefix("#/")).split("/"):
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, list) and name.isdecimal() and int(name) < len(found):
            found = found[int(name)]
        elif isinstance(found, dict) and name in found:
            found = found[name]
        else:
            raise ContractError(f"{where}: $ref {reference!r} leads nowhere")
    return found


def mapping(value: object) -> Document:
    """A value that is an object; an empty one in the place of any other."""
    return value if isinstance(value, dict) else {}


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())


def _nodes(node: yaml.Node | None) -> Iterator[yaml.Node]:
    """Each node of a document once, however often it is referred to."""
    waiting, seen = [node], set()
    while waiting:
        found = waiting.pop()
        if found is None or id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        if isinstance(found, yaml.MappingNode):
            waiting += [inner for pair in found.value for inner in pair]
        elif isinstance(found, yaml.SequenceNode):
            waiting += found.value


def _check_keys(node: yaml.Node | None, name: str) -> None:
    """Refuse keys that stand twice; all keys are text, such as the statuses of responses."""
    for found in _nodes(node):
        lines: dict[str, int] = {}
        for key, _ in found.value if isinstance(found, yaml.MappingNode) else ():
            if not isinstance(key, yaml.ScalarNode):
                raise ContractError(f"{name}, line {key.start_mark.line + 1}: a key is not text")
            if key.tag == MERGE:
                continue
            key.tag = TEXT
            line = key.start_mark.line + 1
            if key.value in lines:
                raise ContractError(
                    f"{name}, line {line}: {key.value!r} stands twice, first in line {lines[key.value]}"
                )
            lines[key.value] = line


def _refuse_repeated_ids(contract: Document, files: Sequence[Path]) -> None:
    places = defaultdict(list)
    for path, method, operation in operations(contract):
        if "operationId" in operation:
            places[str(operation["operationId"])].append(f"{method.upper()} {path}")
    for name, found in places.items():
        if len(found) > 1:
            lines = ", ".join(f"{file.name} line {line}" for file in files for line in _lines_of_id(file, name))
            raise ContractError(f"operationId {name!r} stands twice, at {' and '.join(found)} ({lines})")


def _lines_of_id(file: Path, name: str) -> list[int]:
    """The lines of a file that give this id to an operation."""
    pairs = (
        (key, value)
        for node in _nodes(Loader(file.read_text(encoding="utf-8")).get_single_node())
        if isinstance(node, yaml.MappingNode)
        for key, value in node.value
    )
    return sorted(
        value.start_mark.line + 1 for key, value in pairs if key.value == "operationId" and value.value == name
    )

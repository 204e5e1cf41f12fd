"""The two sides of a contract: what callers send, and what readers get.

The differ rates a change once, for whoever it breaks. Shown one side at a time, it says whom.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from spec.generator.checked import drop_nulls
from spec.generator.contract import METHODS, path_items

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spec.generator.contract import Document

CALLERS = "callers"
READERS = "readers"
SIDES = (CALLERS, READERS)
NO_ANSWERS = {"200": {"description": "Left out of this view."}}
# They repeat in other words what the variants' own tags say.
REPEATING = "discriminator"


def view(contract: Document, side: str) -> Document:
    """A copy of the contract with all that is for the other side left out.

    Args:
        contract: the contract.
        side: `callers` for requests, `readers` for answers.
    """
    # An item that paths refer to is shown at each of them, since a differ rates it by what it is part of.
    seen: Document = copy.deepcopy({**contract, "paths": path_items(contract)})
    drop_nulls(seen)
    for path in seen["paths"].values():
        for operation in (value for method, value in path.items() if method in METHODS):
            if side == CALLERS:
                operation["responses"] = copy.deepcopy(NO_ANSWERS)
            else:
                operation.pop("parameters", None)
                operation.pop("requestBody", None)
        if side == READERS:
            path.pop("parameters", None)
    for node in nodes(seen):
        node.pop(REPEATING, None)
    return _with_what_is_referred_to(seen)


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    """Every object below a node, and the node itself."""
    if isinstance(node, dict):
        yield node
        for value in list(node.values()):
            yield from nodes(value)
    elif isinstance(node, list):
        for value in node:
            yield from nodes(value)


def _with_what_is_referred_to(document: Document) -> Document:
    components: dict[str, dict[str, Any]] = document.get("components", {})
    reached: set[tuple[str, str]] = set()
    waiting: list[Any] = [document.get("paths", {})]
    while waiting:
        for node in nodes(waiting.pop()):
            kind, _, name = str(node.get("$ref", "")).removeprefix("#/components/").partition("/")
            if name in components.get(kind, {}) and (kind, name) not in reached:
                reached.add((kind, name))
                waiting.append(components[kind][name])
    document["components"] = {
        kind: {name: value for name, value in group.items() if kind == "securitySchemes" or (kind, name) in reached}
        for kind, group in components.items()
    }
    return document

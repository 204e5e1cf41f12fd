"""OpenAPI Overlay 1.0: changes to a contract as data. Each says why it is there, and has to change something."""

from __future__ import annotations

import copy
from typing import Any

import jsonpath

KNOWN_KEYS = frozenset({"target", "description", "update", "remove"})
EXTENSION = "x-"

Parts = tuple[int | str, ...]


class OverlayError(Exception):
    """An overlay cannot be applied; names the action."""


def apply_overlay(document: dict[str, Any], overlay: dict[str, Any], name: str = "overlay") -> None:
    """Applies each action of an overlay to the document, in place.

    Objects are merged with the update, arrays get what it has appended, and everything else is replaced by it.

    Args:
        document: what is changed.
        overlay: the overlay as data.
        name: what to call it in errors.

    Raises:
        OverlayError: it is no overlay, or one of its actions has no reason, matches nothing, or changes nothing.
    """
    actions = overlay.get("actions")
    if not str(overlay.get("overlay", "")).startswith("1.0") or not isinstance(actions, list) or not actions:
        raise OverlayError(f"{name} is not an overlay of version 1.0 with actions")
    for number, action in enumerate(actions, start=1):
        if not isinstance(action, dict):
            raise OverlayError(f"{name}: action {number} is not a mapping: {action!r}")
        _apply(document, action, f"{name}: action {number} ({action.get('target')})")


def _apply(document: dict[str, Any], action: dict[str, Any], where: str) -> None:
    _check(action, where)
    try:
        found = [match.parts for match in jsonpath.finditer(action["target"], document, strict=True)]
    except (LookupError, TypeError, ValueError, RecursionError, jsonpath.JSONPathError) as error:
        # The text of an error of the library's cannot always be made, its first argument always can.
        reason = str(error.args[0] if error.args else error).partition("\n")[0]
        raise OverlayError(f"{where} has no target that can be read as JSONPath: {reason}") from error
    if not found:
        raise OverlayError(f"{where} matches nothing")
    # A nodelist may name a node twice. From the end, so that removing an item of an array does not move those that are
    # still to come, and from within, so that what is matched below another match is changed as it stands.
    changed = [_change(document, parts, action, where) for parts in sorted(set(found), key=_from_the_end, reverse=True)]
    if not any(changed):
        raise OverlayError(f"{where} changes nothing")


def _check(action: dict[str, Any], where: str) -> None:
    unknown = sorted(name for name in action if name not in KNOWN_KEYS and not name.startswith(EXTENSION))
    if unknown:
        raise OverlayError(f"{where} has members that no action has: {', '.join(unknown)}")
    if not isinstance(action.get("description"), str) or not action["description"].strip():
        raise OverlayError(f"{where} has no description: say why it is there")
    if not isinstance(action.get("remove", False), bool):
        raise OverlayError(f"{where} has a `remove` that is neither true nor false")
    if ("update" in action) == action.get("remove", False):
        raise OverlayError(f"{where} has to have either an update or `remove: true`")
    if not isinstance(action.get("target"), str):
        raise OverlayError(f"{where} has no target that is text")


def _from_the_end(parts: Parts) -> tuple[tuple[bool, int | str], ...]:
    """The key that sorts places in a document, where a step is an index or a name."""
    return tuple((isinstance(part, str), part) for part in parts)


def _change(document: dict[str, Any], parts: Parts, action: dict[str, Any], where: str) -> bool:
    """Apply an action at one place; return whether that changed anything."""
    if not parts and not isinstance(action.get("update"), dict):
        raise OverlayError(f"{where} would {'remove' if action.get('remove') else 'replace'} the whole document")
    holder: Any = {"root": document}
    steps = ("root", *parts)
    try:
        for step in steps[:-1]:
            holder = holder[step]
        holder[steps[-1]]
    except (LookupError, TypeError) as error:
        # Such as the name of a member, which JSONPath of some libraries selects.
        raise OverlayError(f"{where} selects what is no place in the document") from error
    if action.get("remove"):
        del holder[steps[-1]]
        return True
    before = copy.deepcopy(holder[steps[-1]])
    holder[steps[-1]] = merged(holder[steps[-1]], action["update"])
    return bool(holder[steps[-1]] != before)


def merged(target: Any, update: Any) -> Any:
    """The target with an update: objects merge, arrays grow, everything else is replaced."""
    update = copy.deepcopy(update)
    if isinstance(target, dict) and isinstance(update, dict):
        for key, value in update.items():
            target[key] = merged(target[key], value) if key in target else value
        return target
    if isinstance(target, list):
        return target + (update if isinstance(update, list) else [update])
    return update

"""The place of a change in a contract, in words for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# Steps of a pointer that say nothing to a reader.
SILENT = frozenset(("properties", "content", "application~1json", "application~1problem+json", "schema", "schemas"))


def place_of(raw: Mapping[str, Any]) -> str:
    """The place of a reported change: `TaskRun.status`, `GET /v2/tasks` with a part, or a step-by-step one."""
    version = raw.get("revision") or raw.get("base") or {}
    pointer = str(version.get("pointer") or raw["path"])
    # A changed keyword is named in the change itself.
    last = raw.get("property")
    if last and pointer.endswith(f"/{last}"):
        pointer = pointer[: -len(f"/{last}")]
    steps = pointer.removeprefix("#/").split("/")
    if steps[:2] == ["components", "schemas"]:
        return steps[2] + "".join(map(_member, (step for step in steps[3:] if step not in SILENT)))
    if steps[0] == "components":
        return " ".join([steps[1].removesuffix("s"), *map(_plain, (s for s in steps[2:] if s not in SILENT))])
    if steps[0] == "paths" and len(steps) > 1:
        return _of_operation(steps[1:], version.get("value"))
    return " ".join(map(_plain, steps))


def _of_operation(steps: list[str], value: object) -> str:
    path, *rest = steps
    method, *rest = rest or [""]
    words = [f"{method.upper()} {_plain(path)}".strip()]
    if rest and rest[0] == "parameters" and isinstance(value, dict) and "name" in value:
        words.append(f"parameter {value['name']}")
    else:
        words += [_plain(step) for step in rest if step not in SILENT]
    return " ".join(words)


def _member(step: str) -> str:
    return "[]" if step == "items" else f".{_plain(step)}"


def _plain(step: str) -> str:
    return step.replace("~1", "/").replace("~0", "~")

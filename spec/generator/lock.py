"""The lock: what made generated/, by hash and version, so that drift can name what moved."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from typing import TYPE_CHECKING

from .package import HERE, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

LOCK = ROOT / "spec" / "generated.lock"
TOOLS = ("openapi-python-client", "jinja2", "ruff", "pyyaml", "python-jsonpath")
INPUTS_OF_ALL = ("*.py", "*.yaml", "templates/*.jinja", "runtime/*.py")
# They look at what was made, and make nothing.
NOT_INPUTS = ("linter.yaml", "lock.py", "trees.py")


def current(specs: Iterable[Path]) -> dict[str, dict[str, str]]:
    """The inputs that would make generated/ now, by hash, and the tools, by version.

    Args:
        specs: the contract and the overlays.
    """
    ours = (file for pattern in INPUTS_OF_ALL for file in HERE.glob(pattern) if file.name not in NOT_INPUTS)
    inputs = {file.relative_to(ROOT).as_posix(): _hash(file) for file in {*specs, *ours}}
    return {"inputs": dict(sorted(inputs.items())), "tools": {tool: version(tool) for tool in TOOLS}}


def write(found: dict[str, dict[str, str]], lock: Path = LOCK) -> None:
    """Writes the lock down."""
    lock.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def moved(found: dict[str, dict[str, str]], lock: Path = LOCK) -> Iterator[str]:
    """Each input and tool that is not what the lock says, in words."""
    if not lock.exists():
        yield f"{lock.name} is missing"
        return
    locked = json.loads(lock.read_text(encoding="utf-8"))
    for kind in ("inputs", "tools"):
        before, now = locked.get(kind, {}), found[kind]
        for name in sorted({*before, *now}):
            if name not in now:
                yield f"{name} is gone"
            elif name not in before:
                yield f"{name} is new"
            elif before[name] != now[name]:
                change = f" ({before[name]} then, {now[name]} now)" if kind == "tools" else ""
                yield f"{name} has changed{change}"


def _hash(file: Path) -> str:
    return "sha256:" + hashlib.sha256(file.read_bytes()).hexdigest()

"""Changes of the public Python surface: names that programs import, and the signatures behind them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import griffe

from spec.generator.trees import differences

from .changes import BREAKING, COMPATIBLE, Change

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROGRAMS = "programs"
# What programs may import: for a package of ours its public modules, for a generated one all of it.
PUBLIC = {
    "axtasks": ("axtasks", "axtasks.mock", "axtasks.testing", "axtasks.profiles"),
    "axtasks_api": (),
}
FOLDERS = ("facade", "generated")
# Functions that generated code calls and nobody else.
INTERNAL = re.compile(r"axtasks_api\w*\.(codec|operation)\.[a-z]\w*$")


def compare_surfaces(base: Path, head: Path) -> list[Change]:
    """Every change of the public surface between two checkouts: what breaks first.

    Args:
        base: the folder of the older checkout.
        head: the folder of the newer one.
    """
    found = [
        change for package in PUBLIC for change in _compare(package, base, head) if not INTERNAL.match(change.where)
    ]
    return sorted({change.name: change for change in found}.values(), key=lambda c: (not c.is_breaking, c.name))


def _compare(package: str, base: Path, head: Path) -> Iterator[Change]:
    if _is_same(package, base, head):
        return
    old, new = _load(package, base), _load(package, head)
    if old is None or new is None:
        if old is not new:
            yield Change(package, "was added" if old is None else "was removed", _rated(breaking=new is None))
        return
    for module in PUBLIC[package] or (package,):
        yield from _compare_modules(_at(old, module), _at(new, module), module, named=bool(PUBLIC[package]))


def _compare_modules(
    old: griffe.Object | griffe.Alias | None, new: griffe.Object | griffe.Alias | None, name: str, *, named: bool
) -> Iterator[Change]:
    if old is None or new is None:
        if old is not new:
            yield Change(name, "was added" if old is None else "was removed", _rated(breaking=new is None))
        return
    if not named:
        yield from _breakages(old, new)
        yield from (Change(path, "was added", _rated(breaking=False)) for path in sorted(_paths(new) - _paths(old)))
        return
    before, after = set(map(str, old.exports or ())), set(map(str, new.exports or ()))
    yield from (Change(f"{name}.{each}", "was removed", _rated(breaking=True)) for each in sorted(before - after))
    yield from (Change(f"{name}.{each}", "was added", _rated(breaking=False)) for each in sorted(after - before))
    for each in sorted(before & after):
        was, now = _at(old, each), _at(new, each)
        if was is not None and now is not None:
            yield from _breakages(was, now)
        elif was is not None:
            yield Change(f"{name}.{each}", "leads nowhere", _rated(breaking=True))


def _breakages(old: griffe.Object | griffe.Alias, new: griffe.Object | griffe.Alias) -> Iterator[Change]:
    for breakage in griffe.find_breaking_changes(old, new):
        where, what = breakage.obj.canonical_path, breakage.kind.value
        values = [_shown(value) for value in (breakage.old_value, breakage.new_value)]
        change = "" if not any(values) else f" ({' then, '.join(filter(None, values))}{' now' if all(values) else ''})"
        yield Change(where, f"{what[0].lower()}{what[1:]}{change}", _rated(breaking=True))


def _shown(value: object) -> str:
    named = getattr(value, "name", None)
    text = str(value if named is None else named)
    return "" if value is None or "object at 0x" in text else text.replace("\n", " ")


def _rated(*, breaking: bool) -> dict[str, str]:
    return {PROGRAMS: BREAKING if breaking else COMPATIBLE}


def _is_same(package: str, base: Path, head: Path) -> bool:
    """Return whether a package is the same in both checkouts, so that nobody need read it."""
    trees = [checkout / folder / package for folder in FOLDERS for checkout in (base, head)]
    pairs = [(old, new) for old, new in zip(trees[::2], trees[1::2], strict=True) if old.is_dir() or new.is_dir()]
    return all(old.is_dir() and new.is_dir() and not any(differences(old, new)) for old, new in pairs)


def _load(package: str, checkout: Path) -> griffe.Object | griffe.Alias | None:
    paths = [checkout / folder for folder in FOLDERS]
    if not any((path / package).is_dir() for path in paths):
        return None
    # Read and never run: the older one may need what is not installed.
    return griffe.load(package, search_paths=paths, allow_inspection=False, resolve_aliases=True)


def _at(top: griffe.Object | griffe.Alias, path: str) -> griffe.Object | griffe.Alias | None:
    """Return the object at a path below a module, or the module for its own; None where this package has none."""
    steps = path.removeprefix(top.path).removeprefix(".")
    try:
        found = top[steps] if steps else top
        return found.final_target if isinstance(found, griffe.Alias) else found
    except (KeyError, griffe.AliasResolutionError, griffe.CyclicAliasError):
        return None


def _paths(module: griffe.Object | griffe.Alias) -> set[str]:
    """The public classes, functions and modules below a module."""
    found: set[str] = set()
    for member in module.members.values():
        if not member.is_alias and not member.name.startswith("_"):
            found.add(member.path)
            if member.is_module or member.is_class:
                found |= _paths(member)
    return found

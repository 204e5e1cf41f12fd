"""Package trees: putting a new one in the place of an old one, and telling two apart."""

from __future__ import annotations

import difflib
import filecmp
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_DIFF_LINES = 40


def swap_in(made: Path, out: Path) -> None:
    """Puts a finished package in the place of the old one, which stays whole until then."""
    retired = out.with_name(out.name + ".retired")
    shutil.rmtree(retired, ignore_errors=True)
    if out.exists():
        out.rename(retired)
    made.rename(out)
    shutil.rmtree(retired, ignore_errors=True)


def differences(left: Path, right: Path) -> Iterator[str]:
    """Each difference between two trees, in both directions, as a line or a few."""
    left_files, right_files = files_below(left), files_below(right)
    yield from (f"only in the tree, nothing makes it: {name}" for name in sorted(left_files - right_files))
    yield from (f"missing from the tree: {name}" for name in sorted(right_files - left_files))
    for name in sorted(left_files & right_files):
        if not filecmp.cmp(left / name, right / name, shallow=False):
            lines = difflib.unified_diff(
                (left / name).read_text(encoding="utf-8").splitlines(),
                (right / name).read_text(encoding="utf-8").splitlines(),
                f"in the tree: {name}",
                f"from the contract: {name}",
                lineterm="",
            )
            yield "\n".join(list(lines)[:MOST_DIFF_LINES])


def files_below(folder: Path) -> set[str]:
    """The files of a package, without what Python leaves beside them."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

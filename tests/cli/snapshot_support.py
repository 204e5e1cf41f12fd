"""Comparison of outputs with snapshot files, character by character."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).with_name("snapshots")
RENEWING_VARIABLE = "UPDATE_SNAPSHOTS"


def assert_snapshot(name: str, text: str) -> None:
    """Compare a text with its snapshot; with UPDATE_SNAPSHOTS=1, write the snapshot.

    Args:
        name: the file's name below the folder, without its suffix.
        text: the output.
    """
    path = FOLDER / f"{name}.txt"
    if os.environ.get(RENEWING_VARIABLE) == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    assert text == kept, (
        f"{path.name} is not what was put out. If that is right, run the test again with {RENEWING_VARIABLE}=1, which"
        " writes the file anew, and read the difference before it is committed."
    )


def kept_names(folder: str) -> set[str]:
    """Return the names of all snapshots in a folder."""
    return {path.stem for path in (FOLDER / folder).glob("*.txt")}

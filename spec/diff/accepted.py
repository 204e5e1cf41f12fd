"""The file of accepted changes: breaks that are meant, each with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from spec.generator.contract import mapping

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from .changes import Change


class AcceptedError(Exception):
    """The file of accepted changes is not what it should be."""


def load_accepted(file: Path) -> dict[str, str]:
    """The reason of each accepted change, by the change's name.

    Raises:
        AcceptedError: it cannot be read, or an entry lacks its change or its reason.
    """
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise AcceptedError(f"{file} cannot be read: {' '.join(str(error).split())}") from error
    entries = data.get("accepted") or [] if isinstance(data, dict) else None
    if not isinstance(entries, list):
        raise AcceptedError(f"{file} has to be a mapping with a list under `accepted`")
    found: dict[str, str] = {}
    for number, entry in enumerate(entries, start=1):
        name, reason = (str(mapping(entry).get(key) or "").strip() for key in ("change", "reason"))
        if not name or not reason:
            raise AcceptedError(f"{file}: entry {number} has to have a change and a reason")
        found[name] = reason
    return found


def accept(changes: Iterable[Change], accepted: dict[str, str]) -> None:
    """Marks the changes that are accepted."""
    for change in changes:
        change.accepted = accepted.get(change.name)

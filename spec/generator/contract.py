"""The contract as data: read from a file, with overlays applied."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml

from .overlays import apply_overlay

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Document = dict[str, Any]
# The safe one, in C where PyYAML was built with it: that takes a tenth of the time.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ContractError(Exception):
    """A file is no contract, or an overlay does not fit it."""


def load_contract(spec: Path, overlays: Sequence[Path] = ()) -> Document:
    """The contract as JSON data, with the overlays applied in their order.

    Raises:
        ContractError: a file is not a YAML mapping, or holds something that JSON cannot say.
        OverlayError: an action of an overlay has no reason, or no effect.
    """
    contract = load_mapping(spec)
    for overlay in overlays:
        apply_overlay(contract, load_mapping(overlay), overlay.name)
    return contract


def load_mapping(file: Path) -> Document:
    """A YAML or JSON file as a mapping of JSON data of its own, in which no two places share one object.

    Raises:
        ContractError: the file is not a mapping, or holds something that JSON cannot say.
    """
    try:
        text = json.dumps(yaml.load(file.read_text(encoding="utf-8"), Loader=LOADER))  # noqa: S506  a safe one
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError, ValueError) as error:
        raise ContractError(f"{file} is not a contract: {error} (are all timestamps quoted?)") from error
    document = json.loads(text)
    if not isinstance(document, dict):
        raise ContractError(f"{file} is not a contract: its top level is not a mapping")
    return document

"""Decisions about differences between the vendor's package and the contract, each with its reason."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from spec.generator.contract import load_mapping

from .annotations import VendorError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from spec.diff.changes import Change


@dataclass
class Decision:
    """A kind of difference that is meant.

    Attributes:
        pattern: a regular expression that the whole name of a difference fits.
        reason: why it is meant.
        changes: the differences that it covers.
    """

    pattern: re.Pattern[str]
    reason: str
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class Decisions:
    """The decisions for one contract.

    Attributes:
        version: the version of the package that the contract was read with.
        kinds: the kinds of difference.
    """

    version: str
    kinds: list[Decision]


def load_decisions(file: Path) -> dict[str, Decisions]:
    """Return the decisions for each contract, by its name.

    Raises:
        ContractError: the file cannot be read.
        VendorError: it has another form.
    """
    try:
        return {
            name: Decisions(
                str(entry["version"]),
                [Decision(re.compile(each["differences"]), _reason(each)) for each in entry["decisions"]],
            )
            for name, entry in load_mapping(file).items()
        }
    except (KeyError, TypeError, AttributeError, re.error) as error:
        raise VendorError(f"{file} has not the form of decisions: {type(error).__name__}: {error}") from error


def decisions_of(name: str, decisions: dict[str, Decisions]) -> Decisions:
    """Return the decisions for a contract.

    Raises:
        VendorError: there are none.
    """
    if name not in decisions:
        raise VendorError(f"nothing is decided for the contract of {name}: add its version and decisions")
    return decisions[name]


def _reason(entry: dict[str, str]) -> str:
    if not (reason := entry["reason"].strip()):
        raise KeyError("reason")
    return reason


def decide(changes: Iterable[Change], kinds: Iterable[Decision]) -> list[Change]:
    """Give each difference to the first decision that covers it, and return those that none does."""
    undecided: list[Change] = []
    ordered = list(kinds)
    for change in changes:
        decision = next((each for each in ordered if each.pattern.fullmatch(change.name)), None)
        (undecided if decision is None else decision.changes).append(change)
    return undecided

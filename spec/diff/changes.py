"""Changes between two contracts, each classed for callers and for readers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .places import place_of
from .redocly import differences
from .views import SIDES, view

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BREAKING = "breaking"
COMPATIBLE = "compatible"
# Words about the contract, which no program reads.
WORDS = frozenset(("description", "summary", "title", "example", "examples", "externalDocs"))
LONGEST_VALUE = 60


@dataclass
class Change:
    """One change of a contract.

    Attributes:
        where: the place, such as `TaskRun.status` or `GET /v2/tasks`.
        what: what changed there.
        sides: `callers` and `readers`, as far as they are touched, each `breaking` or `compatible`.
        why: what keeps it from breaking the side, where it looks as if it did.
        is_wording: whether only words about the contract changed.
        accepted: the reason why it is accepted, if it is.
    """

    where: str
    what: str
    sides: dict[str, str] = field(default_factory=dict)
    why: str | None = None
    is_wording: bool = False
    accepted: str | None = None

    @property
    def name(self) -> str:
        """The name of the change in the file of accepted changes."""
        return f"{self.where}: {self.what}"

    @property
    def is_breaking(self) -> bool:
        """True if it breaks anyone."""
        return BREAKING in self.sides.values()

    @property
    def is_unexpected(self) -> bool:
        """True if it breaks someone and nobody accepted it."""
        return self.is_breaking and self.accepted is None


def compare(base: dict[str, Any], head: dict[str, Any]) -> list[Change]:
    """Every change from one contract to the other: those that break first, each once with both its sides.

    Raises:
        DiffError: they could not be compared.
    """
    found: dict[str, Change] = {}
    for side in SIDES:
        for raw in differences(view(base, side), view(head, side)):
            if raw["path"].startswith("#/components/"):
                continue  # Whatever uses the component is reported where it uses it.
            for change in _changes(raw, side):
                known = found.setdefault(change.name, change)
                known.sides.update(change.sides)
                known.why = known.why or change.why
    return sorted(found.values(), key=lambda change: (not change.is_breaking, change.is_wording, change.name))


def _changes(raw: Mapping[str, Any], side: str) -> Iterator[Change]:
    """Yield the changes in a report of the differ: one for each verdict, or one where it has none."""
    where = place_of(raw)
    name = str(raw.get("property") or raw["path"].rsplit("/", 1)[-1])
    is_wording = raw["kind"] == "modified" and (name in WORDS or name.startswith("x-"))
    is_wording |= raw["typeName"] in {"SpecExtension", "Example", "ExamplesMap"}
    if not raw["verdicts"]:
        yield Change(where, _told(raw), {side: COMPATIBLE}, is_wording=is_wording)
    for verdict in raw["verdicts"]:
        why = _harmless(raw, verdict["ruleId"], side)
        is_break = verdict["impact"] == "major" and why is None
        yield Change(where, _tidied(verdict["message"]), {side: BREAKING if is_break else COMPATIBLE}, why=why)


def _harmless(raw: Mapping[str, Any], rule: str, side: str) -> str | None:
    """Why a change that the differ calls breaking breaks none of our readers; None where it does."""
    if side != "readers":
        return None
    if rule == "enum-values-added" and set(_value(raw, "base") or ()) <= set(_value(raw, "revision") or ()):
        return "unknown values are kept"
    if rule == "schema-combinator-changed" and raw["kind"] == "added":
        return "unknown variants are kept"
    if rule == "response-removed" and raw["kind"] == "removed" and re.search(r"/[45]\d\d$", raw["path"]):
        return "an error less"
    return None


def _told(raw: Mapping[str, Any]) -> str:
    """A change without a verdict, in words."""
    name = raw.get("property")
    if raw["kind"] != "modified" or name is None:
        value = _value(raw, "revision") or _value(raw, "base")
        target = str(value.get("$ref", "")).rpartition("/")[2] if isinstance(value, dict) else ""
        return f"{target} was {raw['kind']}".strip()
    before, after = _value(raw, "base"), _value(raw, "revision")
    if isinstance(before, list) and isinstance(after, list):
        gained, lost = [i for i in after if i not in before], [i for i in before if i not in after]
        told = [f"{verb} {_shown(items)}" for verb, items in (("gained", gained), ("lost", lost)) if items]
        return f"`{name}` {', '.join(told) or 'has another order'}"
    return f"`{name}` changed" if name in WORDS else f"`{name}` changed from {_shown(before)} to {_shown(after)}"


def _value(raw: Mapping[str, Any], version: str) -> Any:
    return raw.get(version, {}).get("value")


def _shown(value: object) -> str:
    text = "nothing" if value is None else ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 3] + "..."


def _tidied(message: str) -> str:
    """Return the message of the differ less the place, which may be another name on the other side."""
    return re.sub(r" of (operation )?`[^`]+`", "", message, count=1).removesuffix(".")

"""Identifiers in a body: well-formed (C43), known (C13), and of the right kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from axtasks.mock import ids
from axtasks.mock.ids import IdKind
from axtasks.mock.operations.request import malformed
from axtasks.mock.problems import not_found, unprocessable
from axtasks.mock.world.resource_types import REFERENCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from axtasks.mock.contract.bodies import EvaluatorInput
    from axtasks.mock.jsontypes import JsonObject
    from axtasks.mock.simulation.state import State
KINDS = {
    **REFERENCES,
    "ai_integration_id": IdKind.AI_INTEGRATION,
    "integration_id": IdKind.AI_INTEGRATION,
    "prompt_version_id": IdKind.PROMPT_VERSION,
    "evaluator_version_id": IdKind.EVALUATOR_VERSION,
    "evaluation_task_ids": IdKind.TASK,
}
"""The kinds of the identifiers that fields of bodies take."""


@dataclass(frozen=True, slots=True)
class Reference:
    """An identifier, where it stands, and what it has to be of."""

    field: str
    id: str
    kind: IdKind


def found_in(body: Mapping[str, object], fields: Iterable[str], prefix: str = "") -> list[Reference]:
    """The references in these fields: one for each identifier, or for each entry of a list of them."""
    found: list[Reference] = []
    for field in fields:
        value = body.get(field)
        if isinstance(value, list):
            found += [Reference(f"{prefix}{field}[{index}]", each, KINDS[field]) for index, each in enumerate(value)]
        elif isinstance(value, str):
            found.append(Reference(f"{prefix}{field}", value, KINDS[field]))
    return found


def of_evaluators(evaluators: Iterable[EvaluatorInput]) -> list[Reference]:
    """A reference for each evaluator to attach, and for the version it is pinned to."""
    fields = ("evaluator_id", "evaluator_version_id")
    return [it for index, each in enumerate(evaluators) for it in found_in(each, fields, f"evaluators[{index}].")]


def of_run_configuration(configuration: JsonObject) -> list[Reference]:
    """Return the references of a run configuration."""
    fields = ("ai_integration_id", "integration_id", "prompt_version_id", "evaluator_version_id")
    return found_in(configuration, fields, "run_configuration.")


def check(state: State, references: Sequence[Reference]) -> None:
    """Refuse malformed identifiers (400), then unknown ones (404), then those of another kind (422)."""
    kinds: list[IdKind | None] = []
    for reference in references:
        parsed = ids.parse(reference.id)
        if parsed is None:
            raise malformed(reference.field, reference.id)
        kinds.append(parsed.kind)
    misplaced: list[str] = []
    for reference, kind in zip(references, kinds, strict=True):
        held = state.holds(reference.kind, reference.id)
        if held:
            continue
        if kind is not None and kind is not reference.kind:
            misplaced.append(f"{reference.field} has to be {reference.kind.one}, but {reference.id} is {kind.one}")
        elif held is not None:
            # Of some kinds, such as prompt versions, no record is kept: any identifier of theirs will do.
            raise not_found(f"{reference.field}: there is no {reference.kind.noun} {reference.id}")
    if misplaced:
        raise unprocessable("; ".join(misplaced))

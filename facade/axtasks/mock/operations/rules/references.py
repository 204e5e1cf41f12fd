"""Identifiers in a body: well-formed (C43), known (C13), and of the right kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from axtasks.mock import ids
from axtasks.mock.ids import IdKind
from axtasks.mock.operations.request import malformed
from axtasks.mock.problems import not_found, unprocessable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from axtasks.mock.contract.bodies import EvaluatorInput
    from axtasks.mock.jsontypes import JsonObject
    from axtasks.mock.simulation.state import State


@dataclass(frozen=True, slots=True)
class Reference:
    """An identifier, where it stands, and what it has to be of."""

    field: str
    id: str
    kind: IdKind


def listed(field: str, identifiers: Iterable[str], kind: IdKind) -> list[Reference]:
    """A reference for each entry of a list."""
    return [Reference(f"{field}[{index}]", identifier, kind) for index, identifier in enumerate(identifiers)]


def of_evaluators(evaluators: Iterable[EvaluatorInput]) -> list[Reference]:
    """A reference for each evaluator to attach, and for the version it is pinned to."""
    found: list[Reference] = []
    for index, each in enumerate(evaluators):
        found.append(Reference(f"evaluators[{index}].evaluator_id", each["evaluator_id"], IdKind.EVALUATOR))
        version_id = each.get("evaluator_version_id")
        if version_id is not None:
            field = f"evaluators[{index}].evaluator_version_id"
            found.append(Reference(field, version_id, IdKind.EVALUATOR_VERSION))
    return found


def of_run_configuration(configuration: JsonObject) -> list[Reference]:
    """Return the references of a run configuration."""
    kinds = {
        "ai_integration_id": IdKind.AI_INTEGRATION,
        "integration_id": IdKind.AI_INTEGRATION,
        "prompt_version_id": IdKind.PROMPT_VERSION,
        "evaluator_version_id": IdKind.EVALUATOR_VERSION,
    }
    return [
        Reference(f"run_configuration.{field}", identifier, kind)
        for field, kind in kinds.items()
        if isinstance(identifier := configuration.get(field), str)
    ]


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

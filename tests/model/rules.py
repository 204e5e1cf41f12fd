"""The rules of the API as predicates: the rules that a request breaks, and the one that decides the response.

They are written from the documents, independently of the mock. The docstring of a predicate states the violation.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from tests.dialects import BETA, DOCUMENTS, spoken
from tests.model import contract
from tests.model.resource_types import RESOURCE_TYPES, TYPE_OF_PREFIX, UNRECORDED
from tests.model.worlds import prefix_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.model.contract import Json
    from tests.model.request import Request


class Step(IntEnum):
    """The steps of request validation, in order ("Which error comes first")."""

    CREDENTIAL = 1
    PARAMETERS = 2
    PATH_FORM = 3
    PATH = 4
    SIZE = 5
    MEDIA_TYPE = 6
    SHAPE = 7
    FIELDS = 8
    FORM = 9
    EXISTENCE = 10
    MEANING = 11
    NAME = 12


@dataclass(frozen=True)
class Rule:
    """A rule: the contracts that have it, the status of a violation, and the predicate that is True for a violation."""

    id: str
    contracts: frozenset[str]
    status: int
    step: Step
    operations: frozenset[str]
    is_broken: Callable[[Request], bool]

    @property
    def is_in_force(self) -> bool:
        """True if the current contract has the rule."""
        return spoken.contract in self.contracts


RULES: list[Rule] = []
EVERYWHERE = frozenset(contract.all_operations())
WITH_ID = frozenset(each.id for each in contract.all_operations().values() if each.path_kinds)
WITH_BODY = frozenset(each.id for each in contract.all_operations().values() if each.body is not None)
LISTS = frozenset(each.id for each in contract.all_operations().values() if each.listed)


def rule(
    name: str, status: int, step: Step, *operations: str, until_beta: bool = False
) -> Callable[[Callable[[Request], bool]], Callable[[Request], bool]]:
    """Register a predicate as a rule: B… is a rule of the beta alone, `until_beta` one of the documents alone."""
    contracts = frozenset({BETA} if name.startswith("B") else {DOCUMENTS} if until_beta else {DOCUMENTS, BETA})

    def add(predicate: Callable[[Request], bool]) -> Callable[[Request], bool]:
        RULES.append(Rule(name, contracts, status, step, frozenset(operations), predicate))
        return predicate

    return add


@rule("C44", 401, Step.CREDENTIAL, *EVERYWHERE)
def missing_key(request: Request) -> bool:
    """No usable key is sent."""
    return not request.is_authenticated


@rule("J34", 400, Step.PARAMETERS, *EVERYWHERE)
def undeclared_parameter(request: Request) -> bool:
    """The query has a parameter that the operation does not declare, or one of its own twice."""
    return request.has_unknown or request.is_repeating


@rule("C43", 400, Step.PATH_FORM, *WITH_ID)
def malformed_path(request: Request) -> bool:
    """An id in the path is malformed."""
    return any(prefix_of(text) is None for text in request.ids.values())


def is_path_unknown(request: Request) -> bool:
    """Return True if no resource of the right type has the id in the path."""
    return any(not request.world.has(request.operation.path_kinds[name], text) for name, text in request.ids.items())


@rule("J4", 404, Step.PATH, *WITH_ID - LISTS)
def unknown_path(request: Request) -> bool:
    """No resource of the right type has the id in the path: it is of another type (J5), deleted (J13), or unknown."""
    return is_path_unknown(request)


@rule("C42", 404, Step.PATH, "list_task_runs")
def unknown_task_of_runs(request: Request) -> bool:
    """The task whose runs are listed does not exist."""
    return is_path_unknown(request)


@rule("J33", 413, Step.SIZE, *WITH_BODY)
def too_large(request: Request) -> bool:
    """The body is larger than the limit."""
    return len(request.raw.body) > 1024 * 1024


@rule("J33", 415, Step.MEDIA_TYPE, *WITH_BODY)
def wrong_media_type(request: Request) -> bool:
    """The media type of the body is not JSON."""
    return request.wrong_type


@rule("C10", 400, Step.SHAPE, *EVERYWHERE)
def schema_violation(request: Request) -> bool:
    """Query or body do not match the schemas: C1 to C6, C9 to C11, C14, C17, C20, C24, C31, types and limits."""
    return not request.fits


@rule("C43", 400, Step.FORM, *EVERYWHERE - WITH_BODY)
def malformed_filter(request: Request) -> bool:
    """A filter has a malformed id."""
    return any(
        prefix_of(text) is None for name, text in request.query.items() if name in request.operation.filter_kinds
    )


@rule("C42", 404, Step.EXISTENCE, "list_tasks")
def unknown_filter_of_tasks(request: Request) -> bool:
    """A filter of the list of tasks names a resource that does not exist."""
    return has_unknown_filter(request)


@rule("J4", 404, Step.EXISTENCE, "get_evaluator")
@rule("B20", 404, Step.EXISTENCE, "get_prompt")
def unknown_version(request: Request) -> bool:
    """The requested version belongs to another resource, or the resource has no version with the label."""
    (owner,) = request.ids.values()
    (kind,) = (RESOURCE_TYPES[each].versions for each in request.operation.path_kinds.values())
    return not request.world.versions(kind, owner, **request.query)


@rule("J18", 400, Step.MEANING, *LISTS)
def foreign_cursor(request: Request) -> bool:
    """The cursor belongs to another list."""
    return not request.known_cursor


@rule("C36", 400, Step.MEANING, "cancel_task_run")
def ended_run(request: Request) -> bool:
    """The run has ended already."""
    return request.world.get("task_runs", request.ids["run_id"])["status"] in contract.TERMINAL


def references(request: Request) -> Iterator[tuple[str, str]]:
    """Yield the ids that a body refers to, with the type that each should have."""
    body = request.fields
    one = {"project_id": "projects", "dataset_id": "datasets", "dataset_version_id": "dataset_versions"}
    many = {"experiment_ids": "experiments", "evaluation_task_ids": "tasks"}
    configured = {
        "ai_integration_id": "integrations",
        "integration_id": "integrations",
        "prompt_version_id": "prompt_versions",
        "evaluator_version_id": "evaluator_versions",
    }
    yield from ((kind, body[name]) for name, kind in one.items() if name in body)
    yield from ((kind, each) for name, kind in many.items() for each in body.get(name, ()))
    yield from (("evaluators", each["evaluator_id"]) for each in body.get("evaluators", ()))
    configuration = body.get("run_configuration", {})
    yield from ((kind, configuration[name]) for name, kind in configured.items() if configuration.get(name) is not None)


def _invalid_references(request: Request) -> Iterator[tuple[str, str]]:
    """Yield the references that are invalid: the expected type, and the type that the id's prefix says."""
    for kind, text in references(request):
        known = kind in UNRECORDED or request.world.get(kind, text) is not None
        said = TYPE_OF_PREFIX.get(prefix_of(text) or "", "")
        if not known or (kind in UNRECORDED and said not in {"", kind}):
            yield kind, said


@rule("C43", 400, Step.FORM, *WITH_BODY)
def malformed_reference(request: Request) -> bool:
    """A reference in the body is malformed."""
    return any(prefix_of(text) is None for _, text in references(request))


@rule("C13", 404, Step.EXISTENCE, *WITH_BODY)
def unknown_reference(request: Request) -> bool:
    """A reference in the body is unknown, or of an unknown type."""
    return any(said in {"", kind} for kind, said in _invalid_references(request) if kind not in UNRECORDED)


@rule("C13", 422, Step.MEANING, *WITH_BODY)
def misplaced_reference(request: Request) -> bool:
    """A reference in the body is known to be of another type (D6)."""
    return any(said not in {"", kind} for kind, said in _invalid_references(request))


def has_unknown_filter(request: Request) -> bool:
    """Return True if a filter names a resource that does not exist."""
    kinds = request.operation.filter_kinds
    return any(not request.world.has(kinds[name], text) for name, text in request.query.items() if name in kinds)


def has_experiments_elsewhere(request: Request, dataset_id: object) -> bool:
    """Return True if a body names experiments of another dataset."""
    found = [request.world.get("experiments", each) for each in request.fields.get("experiment_ids", ())]
    return any(each is not None and each["dataset"] != dataset_id for each in found)


def has_duplicate_evaluator(body: Json) -> bool:
    """Return True if an evaluator is listed more than once."""
    named = [each["evaluator_id"] for each in body.get("evaluators", ())]
    return len(named) != len(set(named))

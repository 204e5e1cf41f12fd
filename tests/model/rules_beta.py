"""The rules of the beta contract alone. The documents do not have them (`Rule.is_in_force`)."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from tests.dialects import BETA, spelling_of
from tests.model import contract
from tests.model.rules import LISTS, WITH_BODY, WITH_ID, Step, has_unknown_filter, is_path_unknown, rule
from tests.model.rules_schema import evaluates
from tests.model.worlds import prefix_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.model.contract import Json
    from tests.model.request import Request

WRITES = ("create_task", "update_task")
IDS = frozenset("ABCDE")
TOKEN = re.compile(r"[()]|\w+|[^\s\w()]")
OPERATORS = {"AND": "&", "OR": "&", "NOT": "!"}
# One operand: a negation, a parenthesis, or two joined operands.
OPERAND = re.compile(r"!x|\(x\)|x&x")
SPAN = "span"
EXCLUDED = ("query_filter", "column_mappings")


def _object(value: Json) -> Json:
    return value if isinstance(value, dict) else {}


def _objects(value: Json) -> list[Json]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _mapped(evaluator: Json) -> bool:
    return evaluator.get("query_mappings") is not None


def query_filter(request: Request) -> Json:
    """Return the single filter that the task is to have; None for none."""
    return request.fields.get("query_filter", (request.task or {}).get("query_filter"))


def query_filters(request: Request) -> Json:
    """Return the named filters that the task is to have; None for none."""
    return request.fields.get("query_filters", (request.task or {}).get("query_filters"))


def evaluators(request: Request) -> list[Json]:
    """Return the evaluators that the task is to have, as a body or the world has them."""
    return list(request.fields.get("evaluators", (request.task or {}).get("evaluators", ())))


def _filter_ids(request: Request) -> list[str]:
    filters = query_filters(request)
    return [] if filters is None else [each["id"] for each in filters["filters"]]


@rule("B1", 400, Step.SHAPE, *WITH_BODY, *LISTS)
def spelled_like_the_documents(request: Request) -> bool:
    """A value has the spelling of the documents."""
    configuration = _object(request.fields.get("run_configuration"))
    given = [request.fields.get("type"), configuration.get("experiment_type")]
    given += [request.query.get(name) for name in ("type", "status", "project_type")]
    return any(isinstance(each, str) and each in spelling_of(BETA) for each in given)


@rule("B3", 404, Step.EXISTENCE, *LISTS - WITH_ID - {"list_tasks"})
def unknown_filter(request: Request) -> bool:
    """A filter of the list names a resource that does not exist."""
    return has_unknown_filter(request)


@rule("B3", 404, Step.PATH, *LISTS & WITH_ID - {"list_task_runs"})
def unknown_owner_of_versions(request: Request) -> bool:
    """The resource whose versions are listed does not exist."""
    return is_path_unknown(request)


@rule("B4", 400, Step.FIELDS, "list_experiments")
def two_scopes(request: Request) -> bool:
    """Experiments are listed by space and by dataset at once."""
    return {"space_id", "dataset_id"} <= request.query.keys()


@rule("B5", 422, Step.MEANING, *WRITES)
def unfit_integration(request: Request) -> bool:
    """An agent integration is used for generating or judging, or another integration for an agent call."""
    configuration = request.fields.get("run_configuration", {})
    wanted = {"ai_integration_id": False, "integration_id": True}
    found = [(request.world.get("integrations", configuration.get(name)), kind) for name, kind in wanted.items()]
    return any(each is not None and each.get("is_agent", False) != kind for each, kind in found)


@rule("B6", 400, Step.SHAPE, *WRITES)
def invalid_filters(request: Request) -> bool:
    """There are no filters or more than five, an id is not A to E, or several filters have no expression."""
    given = request.fields.get("query_filters")
    if given is None:
        return False
    filters = _objects(_object(given).get("filters"))
    is_alone = "expression" not in _object(given) and len(filters) > 1
    return not 1 <= len(filters) <= len(IDS) or is_alone or any(str(each.get("id")) not in IDS for each in filters)


@rule("B6", 422, Step.MEANING, *WRITES)
def invalid_expression(request: Request) -> bool:
    """An id is used twice, or the expression is invalid for these filters."""
    if request.fields.get("query_filters") is None:
        return False
    ids, expression = _filter_ids(request), request.fields["query_filters"].get("expression", _filter_ids(request)[0])
    return len(ids) != len(set(ids)) or not is_expression(expression, ids)


def is_expression(text: str, ids: list[str]) -> bool:
    """Return True if a text joins these ids by AND, OR, NOT and parentheses."""
    tokens = TOKEN.findall(text)
    made = "".join("x" if each in ids else OPERATORS.get(each.upper(), each[:1]) for each in tokens)
    if not set(made) <= set("x&!()") or any(each in "&!" for each in tokens):
        return False
    is_shorter = True
    while is_shorter:
        made, before = OPERAND.sub("x", made), made
        is_shorter = len(made) < len(before)
    return made == "x"


@rule("B7", 400, Step.SHAPE, *WRITES)
def two_kinds_of_filters(request: Request) -> bool:
    """The body has both the single filter and named filters."""
    return request.fields.get("query_filter") is not None and request.fields.get("query_filters") is not None


@rule("B7", 400, Step.FIELDS, "update_task")
def other_kind_of_filter_stored(request: Request) -> bool:
    """The task would have both the single filter and named filters, one of them stored before."""
    return query_filter(request) is not None and query_filters(request) is not None


@rule("B8", 400, Step.SHAPE, *WRITES)
def two_kinds_of_mappings(request: Request) -> bool:
    """Query mappings stand beside fields that they exclude, or do not match the named filters of a new task."""
    attached = _objects(request.fields.get("evaluators"))
    if any(_mapped(each) and any(each.get(name) is not None for name in EXCLUDED) for each in attached):
        return True
    if request.fields.get("query_filters") is not None:
        return not all(map(_mapped, attached))
    return evaluates(request) and any(map(_mapped, attached))


@rule("B8", 400, Step.FIELDS, "update_task")
def mappings_of_another_kind(request: Request) -> bool:
    """An update leaves query mappings without named filters, or named filters without query mappings."""
    has_filters = query_filters(request) is not None
    return any(_mapped(each) != has_filters for each in evaluators(request))


@rule("B9", 422, Step.MEANING, *WRITES)
def unknown_query_id(request: Request) -> bool:
    """A query mapping names a filter that the task does not have."""
    mappings = chain.from_iterable(each.get("query_mappings") or () for each in evaluators(request))
    named = {identifier for mapping in mappings for identifier in mapping["query_ids"]}
    return not named <= set(_filter_ids(request))


def _pins(request: Request) -> Iterator[tuple[Json, str]]:
    """Yield each evaluator that is pinned to a version, with the version's id."""
    for each in request.fields.get("evaluators", ()):
        if each.get("evaluator_version_id") is not None:
            yield request.world.get("evaluators", each["evaluator_id"]), each["evaluator_version_id"]


@rule("B10", 400, Step.FORM, *WRITES)
def malformed_version(request: Request) -> bool:
    """A version id is malformed."""
    return any(prefix_of(version) is None for _, version in _pins(request))


@rule("B10", 422, Step.MEANING, *WRITES)
def foreign_version(request: Request) -> bool:
    """A version belongs to another evaluator."""
    return any(found is not None and version not in found["version_ids"] for found, version in _pins(request))


@rule("B11", 422, Step.MEANING, *WRITES)
def mixed_scopes(request: Request) -> bool:
    """The evaluators have different data scopes, or one is used in another scope than its own."""
    given = request.fields.get("evaluators", ())
    attached = [(request.world.get("evaluators", each["evaluator_id"]) or {}, each) for each in given]
    scopes = [(found["data_scope"], each) for found, each in attached if "data_scope" in found]
    return len({scope for scope, _ in scopes}) > 1 or any(_mapped(each) == (scope == SPAN) for scope, each in scopes)


@rule("B12", 422, Step.MEANING, *WRITES)
def several_code_evaluators(request: Request) -> bool:
    """A code_evaluation task has more than one evaluator."""
    kind = request.fields["type"] if request.name == "create_task" else request.task["type"]
    return kind == contract.CODE_EVALUATION and len(request.fields.get("evaluators", ())) > 1


@rule("B13", 400, Step.SHAPE, "trigger_task_run")
def unfit_experiment_name(request: Request) -> bool:
    """The experiment name is too long, or has a forbidden character."""
    name = request.fields.get("experiment_name")
    return isinstance(name, str) and (not 1 <= len(name) <= 255 or '"' in name or "\\" in name)

"""Ids and names: refusals, and looking names up as the documents say."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from axtasks import (
    AmbiguousNameError,
    AuthenticationError,
    AxError,
    ConflictError,
    InvalidArgumentError,
    NotFoundError,
    PermissionDeniedError,
    SpaceRequiredError,
    UnknownNameError,
    UnprocessableEntityError,
    WrongKindError,
)
from axtasks.errors import BadRequestError

from tests.model.model_server import UNSEEN, request_for
from tests.model.resource_types import TYPE_OF_PREFIX
from tests.model.rules import Step
from tests.model.rules_in_force import broken
from tests.model.worlds import prefix_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.model.model_state import Model
    from tests.model.request import Request

# The stages of the client come before the steps of the server, and the end of a run after them.
ARGUMENT, CLIENT, LATER = -1, 0, max(Step) + 1
ERRORS: dict[int, type[AxError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableEntityError,
}
_NOUNS = {"task_runs": "run", "integrations": "AI integration"}


@dataclass
class Refusal:
    """An error that a call may end with.

    Attributes:
        stage: the stage at which it is found; earlier stages come first.
        error: its class.
        says: the expected attributes by name: a value, or a predicate.
        text: a part of the message.
    """

    stage: int
    error: type[AxError]
    says: dict[str, Any] = field(default_factory=dict)
    text: str = ""


class RefusedError(Exception):
    """Raised to end a prediction with refusals."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__(refusals)
        self.refusals = list(refusals)


def noun_of(value: str) -> str | None:
    """Return the noun of an id's type: empty for an unknown type, None for a name (decision D1)."""
    prefix = prefix_of(value)
    if prefix is None:
        return None
    kind = TYPE_OF_PREFIX.get(prefix, "")
    return _NOUNS.get(kind, kind.removesuffix("s").replace("_", " "))


def invalid_argument(argument: str) -> Refusal:
    """Return the refusal of an argument that cannot be sent."""
    return Refusal(ARGUMENT, InvalidArgumentError, text=argument)


def status(stage: int, code: int, operation: str | None = None) -> Refusal:
    """Return a refusal by the server."""
    says: dict[str, Any] = {"status_code": code, "request_id": bool}
    says["problem"] = lambda problem: problem is not None and problem.status == code
    if operation is not None:
        says["operation_id"] = operation
    return Refusal(stage, ERRORS[code], says)


def refused(request: Request, *, stage: int | None = None) -> list[Refusal]:
    """Return the refusals that the rules give for a request.

    Args:
        request: the request.
        stage: the stage at which they are found, if that is before the main request of the call.
    """
    found = [
        (each, status(each.step if stage is None else stage, each.status, request.name)) for each in broken(request)
    ]
    return [replace(refusal, error=ConflictError) if each.step is Step.NAME else refusal for each, refusal in found]


def wrong_kind(noun: str, value: str) -> Refusal | None:
    """Return the refusal of an id of another type, or None."""
    kind = noun_of(value)
    if kind is None or kind in {"", noun}:
        return None
    return Refusal(ARGUMENT, WrongKindError, {"noun": noun, "value": value})


def check_reference(noun: str, value: Any, *, argument: str | None = None) -> list[Refusal]:
    """Return the refusals of a name or id that are found before any request."""
    if not isinstance(value, str) or not value:
        return [invalid_argument(argument or noun)]
    refusal = wrong_kind(noun, value)
    return [refusal] if refusal else []


def resolve_space(model: Model, value: str) -> str:
    """Return the id of a space."""
    if refusals := check_reference("space", value):
        raise RefusedError(*refusals)
    return value if noun_of(value) is not None else find_by_name(model, "space", value, lambda _: True)


def resolve(
    model: Model, noun: str, value: str, *, space: str | None, default: str | None, needs_space: bool = False
) -> str:
    """Return the id for a name or id; a name without a space is looked up everywhere, unless it needs one."""
    if refusals := check_reference(noun, value):
        raise RefusedError(*refusals)
    if noun_of(value) is not None:
        return value
    scope = default if space is None else space
    if scope is None and needs_space:
        raise RefusedError(Refusal(CLIENT, SpaceRequiredError, {"noun": noun, "value": value}))
    if scope is None:
        return find_by_name(model, noun, value, lambda _: True)
    space_id = resolve_space(model, scope)
    if refusals := refused(request_for(model, f"list_{noun}s", query={"space_id": space_id}), stage=CLIENT):
        raise RefusedError(*refusals)
    return find_by_name(model, noun, value, lambda it: it.space_id == space_id)


def experiments_of(model: Model, values: list[Any], dataset_id: str | None) -> list[Any]:
    """Return the ids of experiments; names are looked up within a dataset."""

    def is_within(it: Any) -> bool:
        return bool(it.dataset_id == dataset_id)

    return [find_by_name(model, "experiment", each, is_within) if noun_of(each) is None else each for each in values]


def find_by_name(model: Model, noun: str, name: str, is_within: Callable[[Any], bool]) -> str:
    """Return the id of the one resource with exactly this name."""
    things = [it for it in model.of_kind(noun) if is_within(it)]
    found = [it for it in things if it.name == name]
    if len(found) == 1:
        # The id of a resource that no response has shown yet is unknown; a placeholder with its name stands for it.
        return found[0].id or UNSEEN + name
    if found:
        ids = {it.id for it in found}
        says: dict[str, Any] = {"noun": noun, "value": name, "candidates": lambda seen: set(seen) == ids}
        raise RefusedError(Refusal(CLIENT, AmbiguousNameError, says))
    names = {it.name for it in things}
    alike = {other for other in names if other.lower() == name.lower() and other.isascii()}

    def is_near(seen: Any) -> bool:
        return set(seen) <= names and alike <= set(seen)

    raise RefusedError(Refusal(CLIENT, UnknownNameError, {"noun": noun, "value": name, "near": is_near}))

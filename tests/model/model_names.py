"""Ids, names, and what the documents say of looking one up by the other."""

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

# The steps of the client come before those of the server, and what becomes of a run after them.
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
        stage: how early it is found; what is found earlier comes first.
        error: its class.
        says: attributes it has, by name: a value, or a function that tells whether one is right.
        text: what its message names.
    """

    stage: int
    error: type[AxError]
    says: dict[str, Any] = field(default_factory=dict)
    text: str = ""


class RefusedError(Exception):
    """Stops working out what a call comes to."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__(refusals)
        self.refusals = list(refusals)


def noun_of(value: str) -> str | None:
    """What an id is the id of, an empty text for an id of any kind, None for what is no id but a name (decision D1)."""
    prefix = prefix_of(value)
    if prefix is None:
        return None
    kind = TYPE_OF_PREFIX.get(prefix, "")
    return _NOUNS.get(kind, kind.removesuffix("s").replace("_", " "))


def bad(argument: str) -> Refusal:
    """An argument that cannot be sent."""
    return Refusal(ARGUMENT, InvalidArgumentError, text=argument)


def status(stage: int, code: int, operation: str | None = None) -> Refusal:
    """A refusal of the server."""
    says: dict[str, Any] = {"status_code": code, "request_id": bool}
    says["problem"] = lambda problem: problem is not None and problem.status == code
    if operation is not None:
        says["operation_id"] = operation
    return Refusal(stage, ERRORS[code], says)


def refused(request: Request, *, stage: int | None = None) -> list[Refusal]:
    """The refusals that a request to the server may end with, by the rules.

    Args:
        request: the request.
        stage: how early they are found, if that is before the request that the call is about.
    """
    found = [
        (each, status(each.step if stage is None else stage, each.status, request.name)) for each in broken(request)
    ]
    return [replace(refusal, error=ConflictError) if each.step is Step.NAME else refusal for each, refusal in found]


def wrong_kind(noun: str, value: str) -> Refusal | None:
    """The refusal of an id of something else, if it is one."""
    kind = noun_of(value)
    if kind is None or kind in {"", noun}:
        return None
    return Refusal(ARGUMENT, WrongKindError, {"noun": noun, "value": value})


def check_reference(noun: str, value: Any, *, argument: str | None = None) -> list[Refusal]:
    """What is wrong about a name or an id, before anything is asked."""
    if not isinstance(value, str) or not value:
        return [bad(argument or noun)]
    refusal = wrong_kind(noun, value)
    return [refusal] if refusal else []


def resolve_space(model: Model, value: str) -> str:
    """The id of a space."""
    if refusals := check_reference("space", value):
        raise RefusedError(*refusals)
    return value if noun_of(value) is not None else exact(model, "space", value, lambda _: True)


def resolve(
    model: Model, noun: str, value: str, *, space: str | None, default: str | None, needs_space: bool = False
) -> str:
    """The id that a name or an id stands for; without a space a name may be anywhere, unless it needs one."""
    if refusals := check_reference(noun, value):
        raise RefusedError(*refusals)
    if noun_of(value) is not None:
        return value
    scope = default if space is None else space
    if scope is None and needs_space:
        raise RefusedError(Refusal(CLIENT, SpaceRequiredError, {"noun": noun, "value": value}))
    if scope is None:
        return exact(model, noun, value, lambda _: True)
    space_id = resolve_space(model, scope)
    if refusals := refused(request_for(model, f"list_{noun}s", query={"space_id": space_id}), stage=CLIENT):
        raise RefusedError(*refusals)
    return exact(model, noun, value, lambda it: it.space_id == space_id)


def experiments_of(model: Model, values: list[Any], dataset_id: str | None) -> list[Any]:
    """The ids of experiments by their names or ids; names are looked up within a dataset."""

    def is_within(it: Any) -> bool:
        return bool(it.dataset_id == dataset_id)

    return [exact(model, "experiment", each, is_within) if noun_of(each) is None else each for each in values]


def exact(model: Model, noun: str, name: str, is_within: Callable[[Any], bool]) -> str:
    """The id of the one thing that has exactly this name."""
    things = [it for it in model.of_kind(noun) if is_within(it)]
    found = [it for it in things if it.name == name]
    if len(found) == 1:
        # The id of what nobody has looked at yet is not known, but it can be told which one it is.
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

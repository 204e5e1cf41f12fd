"""Check models that callers give, and strip those that were received of what cannot be sent."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, TypeVar

from axtasks_api_beta import models
from axtasks_api_beta.codec import DecodeError, Model

from axtasks.errors import InvalidArgumentError
from axtasks.validation import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator


_NAMES = re.compile(r"\w+")
ModelT = TypeVar("ModelT", bound=Model)


def check_sendable(where: str, model: ModelT) -> ModelT:
    """The model, once all that it holds can be sent.

    Args:
        where: what messages call it.
        model: one to send, made by hand.

    Raises:
        InvalidArgumentError: it holds something else than its fields say.
    """
    try:
        type(model).from_dict(model.to_dict())
    except DecodeError as error:
        raise InvalidArgumentError(f"{where}: {error}") from error
    except (AttributeError, TypeError, ValueError) as error:
        misplaced = next(_misplaced(model), None)
        said = f" holds what cannot be sent: {error}" if misplaced is None else f": {misplaced}"
        raise InvalidArgumentError(f"{where}{said}") from error
    return model


def _misplaced(model: Model, at: str = "") -> Iterator[str]:
    """What stands in place of models that a model should hold, each with its place and with what to do."""
    for field, value in model.present():
        kind = next((name for name in _NAMES.findall(field.type) if _is_model(name)), None)
        if kind is not None and not (value is None and field.nullable):
            yield from _no_model(f"{at}{field.name}", kind, value, is_list=field.type.startswith("list["))


def _no_model(place: str, kind: str, value: object, *, is_list: bool) -> Iterator[str]:
    """What is wrong with a value that should be a model, or a list of them, or with what it holds."""
    if is_list and isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _no_model(f"{place}[{index}]", kind, item, is_list=False)
    elif is_list:
        yield f"{place} has to be a list of {kind}, not {kind_of(value)}"
    elif isinstance(value, Model):
        yield from _misplaced(value, f"{place}.")
    else:
        yield f"{place} has to be {kind}, not {kind_of(value)}; use {kind}(...), or give the whole as a dict"


def _is_model(name: str) -> bool:
    kind = getattr(models, name, None)
    return isinstance(kind, type) and issubclass(kind, Model)


def without_unknown_fields(received: ModelT) -> ModelT:
    """A copy without members that the contract does not know, which only a server can have filled in."""
    cleaned = copy.deepcopy(received)
    waiting: list[object] = [cleaned]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, Model):
            unknown = getattr(value, "additional_properties", None)
            # Model parameters of any name may be sent, so these are the caller's own.
            if isinstance(unknown, dict) and not isinstance(value, models.StoredInvocationParams):
                unknown.clear()
            waiting += [item for _, item in value.present()]
    return cleaned

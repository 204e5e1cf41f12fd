"""Check models of callers, and remove from received models what cannot be sent."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, TypeVar

from axtasks_api import models
from axtasks_api.codec import DecodeError, Model

from axtasks.errors import InvalidArgumentError
from axtasks.validation import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator


_NAMES = re.compile(r"\w+")
ModelT = TypeVar("ModelT", bound=Model)


def check_sendable(name: str, model: ModelT) -> ModelT:
    """Return a model made by the caller; raise InvalidArgumentError if it has values that its fields do not allow."""
    try:
        type(model).from_dict(model.to_dict())
    except DecodeError as error:
        raise InvalidArgumentError(f"{name}: {error}") from error
    except (AttributeError, TypeError, ValueError) as error:
        type_error = next(_type_errors(model), None)
        reason = f" holds what cannot be sent: {error}" if type_error is None else f": {type_error}"
        raise InvalidArgumentError(f"{name}{reason}") from error
    return model


def _type_errors(model: Model, path: str = "") -> Iterator[str]:
    """Yield a message for each field whose value should be a model, or a list of models, and is not."""
    for field, value in model.present():
        kind = next((name for name in _NAMES.findall(field.type) if _is_model(name)), None)
        if kind is not None and not (value is None and field.nullable):
            yield from _value_errors(f"{path}{field.name}", kind, value, is_list=field.type.startswith("list["))


def _value_errors(path: str, kind: str, value: object, *, is_list: bool) -> Iterator[str]:
    """Yield the messages for one value that should be a model of this name, or a list of them."""
    if is_list and isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _value_errors(f"{path}[{index}]", kind, item, is_list=False)
    elif is_list:
        yield f"{path} has to be a list of {kind}, not {kind_of(value)}"
    elif isinstance(value, Model):
        yield from _type_errors(value, f"{path}.")
    else:
        yield f"{path} has to be {kind}, not {kind_of(value)}; use {kind}(...), or give the whole as a dict"


def _is_model(name: str) -> bool:
    kind = getattr(models, name, None)
    return isinstance(kind, type) and issubclass(kind, Model)


def without_unknown_fields(received: ModelT) -> ModelT:
    """Return a copy without members that the contract does not know, which only a server can have filled in."""
    result = copy.deepcopy(received)
    pending: list[object] = [result]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending += value
        elif isinstance(value, Model):
            unknown = getattr(value, "additional_properties", None)
            # Model parameters of any name may be sent, so these are the caller's own.
            if isinstance(unknown, dict) and not isinstance(value, models.StoredInvocationParams):
                unknown.clear()
            pending += [item for _, item in value.present()]
    return result

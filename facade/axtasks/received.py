"""What was received with one thing and is to be sent with another."""

from __future__ import annotations

import copy
from typing import TypeVar

from axtasks_api_beta import models
from axtasks_api_beta.codec import DecodeError, Model, shorten

from .errors import InvalidArgumentError

ModelT = TypeVar("ModelT", bound=Model)


def sendable(where: str, model: ModelT) -> ModelT:
    """The model, once all that it holds can be sent.

    Args:
        where: what messages call it.
        model: one to send, made by hand.

    Raises:
        InvalidArgumentError: it holds something else than its fields say.
    """
    try:
        type(model).from_dict(model.to_dict())
    except AttributeError as error:
        raise InvalidArgumentError(f"{where} holds {shorten(repr(error.obj))} in place of a model") from error
    except DecodeError as error:
        raise InvalidArgumentError(f"{where}: {error}") from error
    except (TypeError, ValueError) as error:
        raise InvalidArgumentError(f"{where} holds what cannot be sent: {error}") from error
    return model


def declared_only(received: ModelT) -> ModelT:
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
            waiting += [getattr(value, field.name) for field in value.fields()]
    return cleaned

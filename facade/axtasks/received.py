"""What was received with one thing and is to be sent with another."""

from __future__ import annotations

import copy
from typing import TypeVar

from axtasks_api_beta import models
from axtasks_api_beta.codec import Model

ModelT = TypeVar("ModelT", bound=Model)


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

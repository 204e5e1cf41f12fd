"""The part of the control plane that describes what is served: itself, and the API."""

from __future__ import annotations

import json
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import TYPE_CHECKING, Protocol

from .call import Answer
from .jsontypes import JsonObject, as_object

if TYPE_CHECKING:
    from .messages import MockRequest
    from .state import State

FILE = "control.openapi.json"


@cache
def description() -> JsonObject:
    """The mock's own operations as an OpenAPI document."""
    return as_object(json.loads(files(__package__ or "").joinpath(FILE).read_text(encoding="utf-8")))


def show_description(_: object, __: MockRequest) -> Answer:
    """The mock's own operations as an OpenAPI document."""
    return Answer(HTTPStatus.OK, description())


class Served(Protocol):
    """What serves a contract."""

    @property
    def state(self) -> State:
        """The present state."""
        ...


def show_contract(mock: Served, _: MockRequest) -> Answer:
    """The API's operations as an OpenAPI document: the contract that is served."""
    return Answer(HTTPStatus.OK, mock.state.contract.document)

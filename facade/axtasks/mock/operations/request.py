"""One call of an operation: what the request says, read step by step in the order in which refusals take precedence."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, cast
from urllib.parse import parse_qsl

from axtasks.mock import ids
from axtasks.mock.contract import violations
from axtasks.mock.contract.violations import Context
from axtasks.mock.jsontypes import RepeatedKeyError, distinct, not_json
from axtasks.mock.problems import MALFORMED_IDENTIFIER, RefusalError, invalid, not_found, quoted
from axtasks.mock.suggestions import closest

from .rendering import renderer_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from axtasks.mock.contract.bodies import Branch
    from axtasks.mock.contract.contract import Contract, Operation
    from axtasks.mock.ids import IdKind
    from axtasks.mock.jsontypes import JsonObject, JsonValue
    from axtasks.mock.messages import MockRequest
    from axtasks.mock.simulation.state import State
    from axtasks.mock.world.table import Table
    from axtasks.mock.world.world import World

    from .rendering import Renderer

T = TypeVar("T")

BODY_LIMIT = 1024 * 1024
JSON_MEDIA_TYPE = "application/json"
DEPTH_LIMIT = 200
FORBIDDEN = "403"
WHOLE_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")


@dataclass(frozen=True, slots=True)
class Result:
    """The result of an operation; without a payload there is no body."""

    status: int
    payload: object | None = None
    media_type: str = JSON_MEDIA_TYPE


@dataclass(frozen=True, slots=True)
class Call:
    """A request that has reached its operation."""

    operation: Operation
    path_ids: Mapping[str, str]
    request: MockRequest
    state: State

    @property
    def contract(self) -> Contract:
        """The contract that is served."""
        return self.state.contract

    @property
    def renderer(self) -> Renderer:
        """The renderer for that contract."""
        return renderer_of(self.state.contract)

    @property
    def world(self) -> World:
        """The world the call is about."""
        return self.state.world

    def target(self, table: Table[T], kind: IdKind) -> T:
        """Return the resource that the path names: 400 for a malformed identifier, 404 for any other one."""
        ((parameter, identifier),) = self.path_ids.items()
        found = table.get(identifier)
        if found is None or not self.state.sees(found):
            if ids.parse(identifier) is None:
                raise malformed(parameter, identifier)
            raise not_found(f"there is no {kind.noun} {identifier}")
        self.permit(f"there is no {kind.noun} {identifier}")
        return found

    def permit(self, otherwise: str) -> None:
        """Refuse a caller that may read but not write (C45): 403, or 404 where the operation declares no 403."""
        if self.state.visibility.may_write or self.operation.method == "GET":
            return
        if FORBIDDEN not in self.operation.statuses:
            raise not_found(otherwise)
        raise RefusalError(403, f"the API key may read this but not do {self.operation.id}: it is read-only")

    def query(self) -> dict[str, str | int]:
        """The query parameters the operation knows, each as its schema says."""
        declared = self.operation.query
        values: dict[str, JsonValue] = {}
        for name, text in parse_qsl(self.request.query, keep_blank_values=True):
            if name in declared:
                is_number = self.contract.resolve(declared[name]).get("type") == "integer"
                values[name] = int(text) if is_number and WHOLE_NUMBER.fullmatch(text) else text
        validator = self.contract.query_validator(self.operation.id)
        if not validator.is_valid(values):
            raise violations.refusal(validator.iter_errors(values), values, Context(""))
        inside = self.contract.query_inward(self.operation.id, values)
        return {name: value for name, value in inside.items() if isinstance(value, str | int)}

    def json(self) -> JsonValue:
        """The body as JSON; an absent body is an empty object where the operation needs none."""
        body = self.request.body
        if len(body) > BODY_LIMIT:
            raise RefusalError(413, f"the body has more than {BODY_LIMIT} bytes")
        if not body:
            if self.operation.body_required:
                raise invalid("a JSON body is required")
            return {}
        media_type = (self.request.header("content-type") or "").partition(";")[0].strip().lower()
        if media_type != JSON_MEDIA_TYPE:
            raise RefusalError(415, f"the body has to be {JSON_MEDIA_TYPE}, not {media_type or 'of no stated type'}")
        return read_json(body)


def checked(contract: Contract, branch: Branch, value: JsonValue) -> JsonObject:
    """The value, which has to be an object as the branch says, in the spelling within the mock."""
    validator = contract.body_validator(branch.schema)
    if not validator.is_valid(value) or not isinstance(value, dict):
        raise violations.refusal(validator.iter_errors(value), value, branch.context)
    return cast("JsonObject", contract.inward(branch.schema, value))


def check_parameters(query: str, known: Collection[str], operation_id: str, *, lenient: bool = False) -> None:
    """Refuse query parameters that an operation does not have (J34), telling those that are near, or are repeated."""
    if not query:
        return
    given = [name for name, _ in parse_qsl(query, keep_blank_values=True)]
    unknown = [] if lenient else [name for name in dict.fromkeys(given) if name not in known]
    if unknown:
        named = [quoted(name) + (f" (near: {found})" if (found := closest(name, known)) else "") for name in unknown]
        others = f"it has {', '.join(known)}" if known else "it has none"
        raise invalid(f"{operation_id} has no query parameter {', '.join(named)}; {others}")
    for name in known:
        if given.count(name) > 1:
            raise invalid(f"{name} was given more than once")


def malformed(field: str, identifier: str) -> RefusalError:
    """Return the refusal of an identifier that is none."""
    return invalid(f"{field} is not an identifier (base64 of Type:number): {quoted(identifier)}", MALFORMED_IDENTIFIER)


def read_json(body: bytes) -> JsonValue:
    """Read bytes that have to be JSON to the letter."""
    try:
        value: JsonValue = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=distinct,
            parse_constant=not_json,
            parse_float=_finite,
            parse_int=_whole,
        )
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # half of a surrogate pair is no text
        if body.count(b"{") + body.count(b"[") > DEPTH_LIMIT and _depth(value) > DEPTH_LIMIT:
            raise invalid(f"the body is nested too deeply: {DEPTH_LIMIT} levels are the most")
    except RecursionError as error:
        raise invalid("the body is nested too deeply") from error
    except UnicodeError as error:
        raise invalid("the body is not valid UTF-8 text") from error
    except RepeatedKeyError as error:
        raise invalid(f"the body has {error}") from error
    except ValueError as error:
        raise invalid(f"the body is not JSON: {error}") from error
    return value


def _depth(value: JsonValue) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 0


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"the number {text} is too large")
    return number


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:  # which would go on about a setting of this process
        raise ValueError(f"a number of {len(text.lstrip('-'))} digits is too long") from error

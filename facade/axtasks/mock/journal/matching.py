"""Filters of exchanges, and the respects in which an exchange does not match one."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPMethod
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from axtasks.mock import ids
from axtasks.mock.messages import path_fits
from axtasks.mock.suggestions import closest
from axtasks.mock.world.names import UnknownNameError
from axtasks.mock.world.resource_types import BY_WORD

from .exchange import is_of, named_in, pairs_in, read_json

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from axtasks.mock.contract.contract import Contract, Operation
    from axtasks.mock.ids import IdKind
    from axtasks.mock.jsontypes import JsonValue
    from axtasks.mock.world.names import Names, Worlds

    from .exchange import Exchange

LONGEST_SHOWN = 60
METHODS = tuple(method.value for method in HTTPMethod)


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions on exchanges; one that is None does not matter.

    `path` may contain `*`. `resources` are what the exchange is about, by the word for their type: the identifier of
    one, or but for runs its name, stands in the path, the query, the body that was sent, or at the top of the answer.
    `query` and `body` have to be part of what was sent; `fields` each in the path, the query or the body. `since`
    leaves out that number and those before it.
    """

    operation: str | None = None
    method: str | None = None
    path: str | None = None
    status: int | None = None
    since: int | None = None
    fault: str | None = None
    query: Mapping[str, str] | None = None
    body: Mapping[str, JsonValue] | None = None
    fields: Mapping[str, JsonValue] = field(default_factory=dict)
    resources: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, operation: str | None, given: Mapping[str, Any]) -> Filter:
        """Return the filter with these conditions: the words for types are resources, what is no condition a field."""
        stated = {name: value for name, value in given.items() if value is not None}
        own = {name: stated.pop(name) for name in CONDITIONS if name in stated}
        resources = {word: stated.pop(word) for word in BY_WORD if word in stated}
        return cls(operation, **own, fields={**stated.pop("fields", {}), **stated}, resources=resources)

    def __str__(self) -> str:
        """All conditions but the operation, as they were given."""
        given = {name: getattr(self, name) for name in CONDITIONS}
        stated = {name: value for name, value in given.items() if value is not None}
        return ", ".join(f"{name}={value!r}" for name, value in (stated | {**self.resources, **self.fields}).items())

    def kinds(self) -> Iterator[tuple[str, IdKind, str]]:
        """Yield what the exchange has to be about: the word for it, its kind, and its identifier or name."""
        for word, text in self.resources.items():
            yield word, BY_WORD[word].kind, text


CONDITIONS = ("method", "path", "status", "since", "fault", "query", "body")


class Matcher:
    """A filter whose names were looked up once: in worlds, and in what was answered since.

    Values of the contract are compared as they are within the mock, so that what is asked for can be spelled as the
    documents do whatever is served.
    """

    def __init__(self, wanted: Filter, known: Worlds, answered: Sequence[Exchange], contract: Contract) -> None:
        self._wanted = wanted
        self._contract = contract
        self._known = known
        self._meant = {
            word: frozenset({text}) | self._named(kind, text, answered) for word, kind, text in wanted.kinds()
        }

    @cached_property
    def _names(self) -> Sequence[Names]:
        return self._known.names()

    def fits(self, exchange: Exchange) -> bool:
        """Return whether an exchange matches: whether `misses` finds nothing, at less cost."""
        if next(self._other_facts(exchange), None) is not None:
            return False
        if self._meant:
            present = exchange.ids
            if any(present.isdisjoint(meant) for meant in self._meant.values()):
                return False
        return next(self._other_fields(exchange), None) is None

    def misses(self, exchange: Exchange) -> list[str]:
        """In what respects an exchange is not what is meant; nothing when it is."""
        return [*self._other_facts(exchange), *self._other_things(exchange), *self._other_fields(exchange)]

    def unknown(self) -> Iterator[str]:
        """Yield a message for each name that nothing has."""
        for word, kind, text in self._wanted.kinds():
            if len(self._meant[word]) == 1 and ids.parse(text) is None and self._names:
                try:
                    self._names[0].find(kind, text)
                except UnknownNameError as error:
                    yield str(error)

    def _named(self, kind: IdKind, text: str, answered: Sequence[Exchange]) -> frozenset[str]:
        if ids.parse(text) is not None:
            return frozenset()
        return self._known.meant(kind, text).union(*(named_in(exchange, kind, text) for exchange in answered))

    def _other_facts(self, exchange: Exchange) -> Iterator[str]:
        wanted = self._wanted
        if wanted.since is not None and exchange.number <= wanted.since:
            yield "since"
        if wanted.operation not in {None, exchange.operation}:
            yield "operation"
        if wanted.method not in {None, exchange.method}:
            yield "method"
        if wanted.path is not None and not path_fits(exchange.path, wanted.path):
            yield "path"
        if wanted.status not in {None, exchange.status}:
            yield "status"
        if wanted.fault is not None and wanted.fault not in (exchange.fault or ""):
            yield "fault"

    def _other_things(self, exchange: Exchange) -> Iterator[str]:
        if not self._meant:
            return
        present = exchange.ids
        for word, kind, _ in self._wanted.kinds():
            if present.isdisjoint(self._meant[word]):
                others = sorted(each for each in present if is_of(kind, each))
                yield f"{word} is {', '.join(map(self._shown, others))}" if others else f"no {word}"

    def _shown(self, identifier: str) -> str:
        return repr(next((name for names in self._names if (name := names.name(identifier))), identifier))

    def _other_fields(self, exchange: Exchange) -> Iterator[str]:
        wanted = self._wanted
        if wanted.query or wanted.body is not None or wanted.fields:
            query = self._query(exchange, dict(pairs_in(exchange.query)))
            body = read_json(exchange.request_body)
            sent = self._body(exchange, body if isinstance(body, dict) else {})
            yield from _differences("query ", query, self._query(exchange, wanted.query or {}))
            if wanted.body is not None and not isinstance(body, dict):
                yield "no body"
            else:
                yield from _differences("body ", sent, self._body(exchange, wanted.body or {}))
            texts = {**query, **_places(exchange, self._operation(exchange))}
            expected = wanted.fields
            in_texts = {
                name: each if isinstance(each, str) else json.dumps(each)
                for name, each in expected.items()
                if name in texts
            }
            yield from _differences("", texts, self._query(exchange, in_texts))
            in_body = {name: expected[name] for name in expected if name not in texts}
            yield from _differences("", sent, self._body(exchange, in_body))

    def _operation(self, exchange: Exchange) -> Operation | None:
        return self._contract.operations.get(exchange.operation or "")

    def _query(self, exchange: Exchange, given: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
        operation = self._operation(exchange)
        return given if operation is None else self._contract.query_inward(operation.id, dict(given))

    def _body(self, exchange: Exchange, given: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
        operation = self._operation(exchange)
        return given if operation is None else self._contract.body_inward(operation.id, dict(given))


def check(wanted: Filter, contract: Contract, used: Iterable[str]) -> None:
    """Refuse what can never be found: asked for by mistake, it would pass for something that was not called.

    Raises:
        ValueError: for an operation that is not in the contract, a field that the operation does not send, or a method
            that HTTP does not have and that was not used all the same.
    """
    method, operation = wanted.method, contract.operations.get(wanted.operation or "")
    if operation is not None:
        in_body = {name for shape in operation.bodies for name in contract.properties(shape)}
        known = sorted({*_place_names(operation.path), *operation.query, *in_body})
        for name in wanted.fields:
            if name not in known:
                raise ValueError(f"{operation.id} has no field {name!r}{_hint(name, known, BY_WORD)}")
    elif wanted.operation is not None:
        raise ValueError(f"there is no operation {wanted.operation!r}{_hint(wanted.operation, contract.operations)}")
    if method is not None and method not in {*METHODS, *used}:
        raise ValueError(f"there is no method {method!r}{_hint(method.upper(), METHODS)}")


def _hint(word: str, known: Collection[str], others: Iterable[str] = ()) -> str:
    """Tell which word was probably meant, which can be another one than those known, or else all of these."""
    meant = closest(word, [*known, *others])
    return f"; did you mean {meant}?" if meant else f", only {', '.join(known)}" if known else ""


def _differences(prefix: str, sent: Mapping[str, JsonValue], wanted: Mapping[str, JsonValue]) -> Iterator[str]:
    for name, value in wanted.items():
        if name not in sent:
            yield f"no {prefix}{name}"
        elif not _contains(sent[name], value):
            shown = json.dumps(sent[name], ensure_ascii=False)
            yield f"{prefix}{name} is {shown if len(shown) <= LONGEST_SHOWN else shown[:LONGEST_SHOWN] + '...'}"


def _contains(whole: JsonValue, part: JsonValue) -> bool:
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(name in whole and _contains(whole[name], part[name]) for name in part)
    return whole == part and isinstance(whole, bool) == isinstance(part, bool)


def _place_names(template: str) -> list[str]:
    return re.findall(r"\{(\w+)\}", template)


def _places(exchange: Exchange, operation: Operation | None) -> dict[str, str]:
    """Return the values of the path's parameters."""
    if operation is None:
        return {}
    pairs = zip(operation.path.split("/"), exchange.path.split("/"), strict=True)
    return {name: unquote(given) for place, given in pairs for name in _place_names(place)}

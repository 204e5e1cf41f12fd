# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
"""What the generated models are made of: open enums, timestamps, unknown variants, and how JSON becomes them."""

from __future__ import annotations

import json
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum, StrEnum, nonmember
from functools import cache
from math import isfinite
from operator import attrgetter
from threading import local
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, NoReturn, ParamSpec, Self, TypeVar
from warnings import warn

from .dialect import ADDED, FORMER_SPELLING, SPELLING
from .types import UNSET, Unset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

P = ParamSpec("P")
T = TypeVar("T")
S = TypeVar("S", bound=str)
E = TypeVar("E", bound="OpenEnum")

# How a dialect spells values: enum, or Model.field of a constant, to name in Python to spelling on the wire.
Spelling = Mapping[str, Mapping[str, str]]
# The names in Python.
AS_IS: Spelling = MappingProxyType({})


class DecodeError(ValueError):
    """JSON that does not have the shape it should have.

    Attributes:
        reason: what is wrong, in words.
        path: where it is wrong, such as `task_runs[3].created_at`; empty for the whole document.
    """

    def __init__(self, reason: str, path: str = "") -> None:
        super().__init__(f"{path}: {reason}" if path else reason)
        self.reason = reason
        self.path = path

    def below(self, step: str) -> DecodeError:
        """The same error seen from one step further out."""
        return DecodeError(self.reason, step + ("." if self.path and self.path[0] != "[" else "") + self.path)


class Origin(NamedTuple):
    """The response that models were decoded from.

    Attributes:
        operation_id: the operation that it belongs to.
        request_id: what the server calls the exchange; None if it did not say.
    """

    operation_id: str
    request_id: str | None


class _Decoding(local):
    """The origin of the response that this thread decodes, and a flag that is set by models that lack a field."""

    origin: Origin | None = None
    has_gaps = False


_decoding = _Decoding()


def decode_from(origin: Origin, decode: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a decoder. Models that lack a field keep the origin of the response, to name it when the field is read."""
    _decoding.origin = origin
    try:
        return decode(*args, **kwargs)
    finally:
        _decoding.origin = None


class MissingAttributeError(AttributeError):
    """A field that the contract requires, read from a model that was decoded without it.

    Attributes:
        raised_as: the class that models raise; a client sets one of its own.
        field: the field.
        model_name: the class of the model.
        operation_id: the operation whose response lacks the field; None if the model did not come with a response.
        request_id: what the server calls that exchange; None if it is not known.
    """

    raised_as: ClassVar[type[MissingAttributeError]]
    field: str = ""
    model_name: str = ""
    operation_id: str | None = None
    request_id: str | None = None


MissingAttributeError.raised_as = MissingAttributeError


def _equals(self: Any, other: object) -> Any:
    """Tells if a value is another, or a text that is one of its spellings."""
    same = _text_equals(self, other)
    if same is False and other.__class__ is not self.__class__:
        return other in self._other_spellings
    return same


_text_equals = str.__eq__
_text_hash = str.__hash__


class OpenEnum(StrEnum):
    """An enum that keeps values it does not know.

    A known value is found by its name in Python and as the contract spells it, in either case. It equals the text of
    its name in Python, and as a dialect spells it; its hash is that of the former. An unknown one becomes a member that
    is no part of the enum: it equals its raw text, keeps it through copy and pickle, and says `is_known == False`.
    """

    # Out of sight of type checkers, which narrow members of enums by `==` only where it is the usual one.
    if not TYPE_CHECKING:
        _other_spellings = nonmember(())
        __eq__ = _equals
        __ne__ = object.__ne__
        __hash__ = _text_hash

        def __init_subclass__(cls, **how: Any) -> None:
            super().__init_subclass__(**how)
            for member in cls:
                member._other_spellings = _other_spellings(member.value, cls.__name__)  # noqa: SLF001  its own

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        known: Self | None = _members(cls).get(value.casefold())
        if known is not None:
            return known
        unknown = str.__new__(cls, value)
        unknown._name_ = value
        unknown._value_ = value
        return unknown

    @property
    def is_known(self) -> bool:
        """Whether the contract knows this value."""
        return self._name_ in type(self).__members__

    def __repr__(self) -> str:
        known = f".{self._name_}" if self.is_known else " unknown"
        return f"<{type(self).__name__}{known}: {self.value!r}>"


class SpelledConstant(str):  # noqa: SLOT000  few are made, one for each field
    """The one value of a field, which equals how either dialect spells it. Its hash is that of its name in Python."""

    def __new__(cls, value: str, domain: str) -> Self:
        """Create it from its name in Python, and the Model.field that it belongs to."""
        constant = super().__new__(cls, value)
        constant._domain = domain
        constant._other_spellings = _other_spellings(value, domain)
        return constant

    if TYPE_CHECKING:
        _domain: str
        _other_spellings: tuple[str, ...]
    else:
        __eq__ = _equals
        __ne__ = object.__ne__
        __hash__ = _text_hash

    def __reduce__(self) -> tuple[Any, ...]:
        return SpelledConstant, (str(self), self._domain)


def either_spelling(value: S, domain: str) -> S:
    """The value of a constant, which equals each of its spellings where dialects differ.

    Args:
        value: its name in Python.
        domain: the Model.field that it belongs to.
    """
    constant: Any = SpelledConstant(value, domain) if _other_spellings(value, domain) else value
    return constant  # type: ignore[no-any-return]  # for checkers it is the literal that it equals


def _other_spellings(value: str, domain: str) -> tuple[str, ...]:
    """Return the spellings of a value in the dialects, other than its name in Python."""
    spelled = (constant_text(value, domain, spelling) for spelling in (SPELLING, FORMER_SPELLING))
    return tuple(dict.fromkeys(text for text in spelled if text != value))


def spellings(name: str, domain: str) -> Iterator[str]:
    """Every way to spell a value that has this name in Python, in lower case.

    Args:
        name: its name in Python.
        domain: the enum, or Model.field of a constant, that it belongs to.
    """
    yield name.casefold()
    for spelling in (SPELLING, FORMER_SPELLING):
        yield constant_text(name, domain, spelling).casefold()


@cache
def _members(kind: type[E]) -> dict[str, E]:
    """The known members of an enum by all their spellings, in lower case."""
    return {text: member for member in kind for text in spellings(member.value, kind.__name__)}


class Members(dict[str, E]):
    """The members of an enum by how answers spell them: all in small letters, or all in capitals.

    Anything else is looked up by the enum itself, which keeps what it does not know.
    """

    def __init__(self, kind: type[E]) -> None:
        super().__init__((way, member) for text, member in _members(kind).items() for way in (text, text.upper()))
        # Values that differ by their case alone are told apart by it.
        self.update((member.value, member) for member in kind)
        self.kind = kind

    def __missing__(self, text: str) -> E:
        return self.kind(text)


class Timestamp(datetime):
    """A point in time that remembers the text it was received as. Without an offset in the text it is UTC."""

    __slots__ = ("_text",)
    _text: str

    @classmethod
    def parse(cls, text: str) -> Timestamp:
        """The time that an ISO 8601 text names."""
        try:
            moment = cls.fromisoformat(text)
        except ValueError:
            # RFC 3339 lets the T and the Z be small letters.
            moment = cls.fromisoformat(text.upper())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        moment._text = text  # noqa: SLF001  # its own
        return moment

    def __reduce_ex__(self, protocol: Any) -> Any:
        text = getattr(self, "_text", None)
        return super().__reduce_ex__(protocol) if text is None else (Timestamp.parse, (text,))


def timestamp_text(moment: datetime) -> str:
    """The JSON text of a time: as it was received, else ISO 8601 in milliseconds or finer, with `Z` for UTC."""
    text = getattr(moment, "_text", None)
    if isinstance(text, str):
        return text
    finest = "microseconds" if moment.microsecond % 1000 else "milliseconds"
    text = moment.isoformat(timespec=finest)
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


class UnknownVariant:
    """A union variant that the contract does not know, as raw data with its tag."""

    __slots__ = ("data", "tag")

    def __init__(self, tag: str | None, data: Mapping[str, Any]) -> None:
        self.tag = tag
        self.data = dict(data)

    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:  # noqa: ARG002  as all models have it
        """The raw data, whatever the spelling."""
        return dict(self.data)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UnknownVariant) and other.data == self.data

    __hash__ = None  # type: ignore[assignment]  # mutable data: how Python spells "unhashable"

    def __repr__(self) -> str:
        return f"UnknownVariant(tag={self.tag!r}, data={self.data!r})"


# How servers write times; those that are written again as they were received need no memory of their text.
_USUAL_LENGTH = len("2026-02-24T10:00:00.500Z")
# Bound once: to bind it takes as long as it does.
_moment_of = datetime.fromisoformat

# An object of a class without what its constructor does, and its attributes without what `__getattr__` adds.
new = object.__new__
_own = object.__getattribute__


class Field(NamedTuple):
    """One field of a model.

    Attributes:
        name: the attribute.
        json_name: its name in JSON.
        type: the Python type of its values, as text; one of a response that is not required may be None as well.
        required: whether it is always there.
        nullable: whether it may be null.
        constant: the one value it can have; this is what tells the variants of a union apart.
    """

    name: str
    json_name: str
    type: str
    required: bool
    nullable: bool
    constant: str | None = None


class FieldsOf:
    """The method `fields` of a model: all fields of the class, or those of an instance.

    What only the newer contract has is a field of those instances that have it: others may come of the older one.
    """

    def __init__(self, fields: tuple[Field, ...]) -> None:
        self._fields = fields

    def __get__(self, instance: Model | None, kind: type[Model]) -> Callable[[], tuple[Field, ...]]:
        added = ADDED.get(kind.__name__)
        if instance is None or not added:
            return lambda: self._fields

        def fields() -> tuple[Field, ...]:
            shown = instance.to_dict()
            return tuple(field for field in self._fields if field.json_name not in added or field.json_name in shown)

        return fields


class DataclassFields:
    """The fields of a model as those of a dataclass, which pandas and encoders of JSON make rows and objects of.

    Those that an instance is missing are left out.
    """

    def __get__(self, instance: Model | None, kind: type[Model]) -> dict[str, Any]:
        # Imported late: it takes longer to import than a model.
        import dataclasses

        names = [field.name for field in kind.fields() if instance is None or not is_missing(instance, field)]
        made = dataclasses.make_dataclass(kind.__name__, names)
        return {field.name: field for field in dataclasses.fields(made)}


class Model(ABC):
    """What all generated models can do.

    Attributes:
        fields: the method that tells the fields of the model, in the order of the contract.
    """

    __slots__ = ()
    fields: ClassVar[FieldsOf]

    @classmethod
    def newer_fields(cls) -> frozenset[str]:
        """Return the fields, by their JSON names, that only the newer contract has."""
        return frozenset(ADDED.get(cls.__name__, ()))

    # Out of sight of type checkers, to which any name would do otherwise.
    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name == "additional_properties":
                # Few answers have any. A dict for each model is a sixth of the time that a page takes, so it is made
                # when it is first asked for; as with `functools.cached_property`, threads might both do so.
                self.additional_properties = {}
                return self.additional_properties
            return object.__getattribute__(self, name)

    __dataclass_fields__: ClassVar[DataclassFields] = DataclassFields()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: object) -> Any:
        """Tell pydantic, and FastAPI with it, to read and write a model as its JSON object."""
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(
            lambda value: value if isinstance(value, cls) else cls.from_dict(value),
            serialization=core_schema.plain_serializer_function_ser_schema(lambda model: model.to_dict()),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: object, handler: object) -> dict[str, Any]:
        """Return the schema of a model for an OpenAPI document of FastAPI."""
        return {"type": "object", "title": cls.__name__}

    @abstractmethod
    def to_dict(self, spelling: Spelling = AS_IS) -> dict[str, Any]:
        """The JSON object of this model: what was received, unknown members included.

        Args:
            spelling: how values are spelled; by their names in Python when left out.
        """

    def to_json(self, *, indent: int | None = None) -> str:
        """The JSON text of this model.

        Args:
            indent: spaces per level; one line when left out.
        """
        return json_text(self.to_dict(), indent=indent)

    def model_dump(self) -> dict[str, Any]:
        """The same as `to_dict()`, which is to be written instead."""
        warn("model_dump() is called to_dict() here: write that", DeprecationWarning, stacklevel=2)
        return self.to_dict()

    def model_dump_json(self, *, indent: int | None = None) -> str:
        """The same as `to_json()`, which is to be written instead."""
        warn("model_dump_json() is called to_json() here: write that", DeprecationWarning, stacklevel=2)
        return self.to_json(indent=indent)

    @classmethod
    @abstractmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The model of a JSON object.

        Raises:
            DecodeError: the object does not have the shape of the contract.
        """

    def present(self) -> Iterator[tuple[Field, Any]]:
        """The fields that `to_dict` has, each with its value: those that came, or that are to be sent."""
        for field in type(self).fields():
            if has(self, field.name) and not isinstance(value := getattr(self, field.name), Unset):
                yield field, value


class ResponseModel(Model):  # noqa: PLW1641  mutable; those with an id are hashable by it
    """A model of what is received: a field that is absent is None if it is optional or may be null.

    Any other raises `MissingAttributeError` when it is read. `to_dict` leaves out what is absent. The slot of such a
    field stays empty, which is how null and absent are told apart. They are equal otherwise. A field that is set to
    None is null from then on, and absent once it is deleted. The constructor takes None for absent in optional fields.
    """

    __slots__ = ("_origin",)
    # Where the model came from; only set where a field that the contract requires is missing.
    _origin: Origin | None

    def __repr__(self) -> str:
        """The class, and what people know it by: of all fields where it has no id, cut where that is long."""
        names = [field.name for field in type(self).fields()]
        known = [name for name in _KNOWN_BY if name in names] if _KNOWN_BY[0] in names else names
        shown = ", ".join(f"{name}={shorten(repr(getattr(self, name)), most=48)}" for name in known if has(self, name))
        return f"{shorten(f'{type(self).__name__}({shown}', most=119)})"

    def __attrs_post_init__(self) -> None:
        for field in type(self).fields():
            value = getattr(self, field.name)
            if isinstance(value, Unset) or (value is None and not field.required):
                delattr(self, field.name)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            required = _required(type(self)).get(name)
            if required is None:
                return None if name in _optional(type(self)) else super().__getattr__(name)
            if sys._getframe(1).f_code is _evolve().__code__:  # noqa: SLF001  nothing else tells who reads
                # A changed copy lacks what the model lacks.
                return UNSET
            return None if required.nullable else _raise_missing(self, name)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self) or not isinstance(other, ResponseModel):
            return NotImplemented
        values = _values_of(type(self))
        try:
            return bool(values(self) == values(other))
        except MissingAttributeError:
            # What is missing in both is equal.
            return _content(self) == _content(other)

    def __getstate__(self) -> dict[str, Any]:
        state = {field.name: value for field, value in self.present()}
        return {**state, **{name: _own(self, name) for name in (_EXTRA, _ORIGIN) if has(self, name)}}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        for name in (*(field.name for field in type(self).fields()), _EXTRA, _ORIGIN):
            # Earlier versions wrote what was absent down as unset.
            if name in state and not isinstance(state[name], Unset):
                setattr(self, name, state[name])


_EXTRA, _ORIGIN = "additional_properties", "_origin"
# The fields that a short repr shows of a resource.
_KNOWN_BY = ("id", "name", "status")


@cache
def _optional(kind: type[Model]) -> frozenset[str]:
    """The attributes of a model that may be absent."""
    return frozenset(field.name for field in kind.fields() if not field.required)


@cache
def _evolve() -> Any:
    # Imported late: it takes longer to import than this module.
    from attrs import evolve

    return evolve


@cache
def _required(kind: type[Model]) -> dict[str, Field]:
    """The fields of a model that the contract requires, by attribute."""
    return {field.name: field for field in kind.fields() if field.required}


@cache
def _values_of(kind: type[Model]) -> Callable[[Model], object]:
    """Return the function that reads all values of a model, further members included."""
    return attrgetter(*(field.name for field in kind.fields()), _EXTRA)


def _content(model: ResponseModel) -> list[object]:
    """The values that make two models of a class equal, with UNSET for fields that are missing."""
    values = [UNSET if is_missing(model, field) else getattr(model, field.name) for field in type(model).fields()]
    return [*values, _own(model, _EXTRA) if has(model, _EXTRA) else {}]


def is_missing(model: Model, field: Field) -> bool:
    """Tells if a field that the contract requires, and that may not be null, did not come."""
    return field.required and not field.nullable and not has(model, field.name)


def leave_out(model: ResponseModel) -> int:
    """The number of fields that are left out: one that the contract requires. The model keeps where it came from."""
    model._origin = _decoding.origin  # noqa: SLF001  of this module
    _decoding.has_gaps = True
    return 1


def _raise_missing(model: ResponseModel, name: str) -> NoReturn:
    """Raise the error for a field that is missing."""
    origin = model._origin if has(model, _ORIGIN) else None  # noqa: SLF001  of this module
    operation_id, request_id = origin or (None, None)
    where = "" if operation_id is None else f" from the response to {operation_id}"
    suffix = "" if request_id is None else f" [request id {request_id}]"
    error = MissingAttributeError.raised_as(
        f"{type(model).__name__}.{name} is missing{where}, though the contract requires it{suffix}"
    )
    error.field, error.model_name = name, type(model).__name__
    error.operation_id, error.request_id = operation_id, request_id
    raise error


def is_blank(decoded: object) -> bool:
    """Tells if what was just decoded is a model of which no field came, though the contract requires some."""
    if not _decoding.has_gaps:
        return False
    _decoding.has_gaps = False
    return isinstance(decoded, ResponseModel) and not any(has(decoded, field.name) for field in type(decoded).fields())


def has(model: Model, name: str) -> bool:
    """Tells if an attribute was set, and is no field that was absent."""
    try:
        _own(model, name)
    except AttributeError:
        return False
    return True


def misfit(error: Exception, result: Model, data: Mapping[str, Any]) -> DecodeError:
    """What is wrong with a JSON object, and where.

    Args:
        error: what its decoding ran into.
        result: the model that was being made, which has the attributes of all that was read before.
        data: the object.
    """
    unread = (field for field in type(result).fields() if not has(result, field.name))
    may_lack = isinstance(result, ResponseModel)
    at = next(field.json_name for field in unread if field.json_name in data or (field.required and not may_lack))
    return error.below(at) if isinstance(error, DecodeError) else DecodeError(reason_of(error), at)


def reason_of(error: Exception) -> str:
    """What a decoding step ran into, in words."""
    if isinstance(error, KeyError):
        return "is required but missing"
    return str(error) or type(error).__name__


def json_text(value: object, *, indent: int | None = None) -> str:
    """The JSON text of a value, with null for what JSON has no word for: Python reads NaN where a server writes it."""
    try:
        return json.dumps(value, indent=indent, ensure_ascii=False, allow_nan=False)
    except ValueError:
        return json.dumps(finite(value), indent=indent, ensure_ascii=False)


def finite(value: object) -> Any:
    """The value with None for each number that is infinite or none at all."""
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [finite(item) for item in value]
    return None if isinstance(value, float) and not isfinite(value) else value


def shorten(text: str, *, most: int = 60) -> str:
    """The text, cut where it is too long for a message."""
    return text if len(text) <= most else text[: most - 3] + "..."


def expected(what: str, value: object) -> NoReturn:
    """Refuses a value that is not what the contract says."""
    raise DecodeError(f"expected {what}, got {shorten(repr(value))}")


def decode_object(value: object) -> dict[str, Any]:
    """A JSON object, not to be changed, or a DecodeError."""
    # Nearly all are dicts, and telling another mapping takes far longer.
    if isinstance(value, dict):
        return value
    if not isinstance(value, Mapping):
        expected("an object", value)
    return dict(value)


def others(data: Mapping[str, Any], known: tuple[Field, ...]) -> dict[str, Any]:
    """The members of a JSON object that the contract does not know."""
    names = {field.json_name for field in known}
    return {name: value for name, value in data.items() if name not in names}


def decode_list(value: object, decode: Callable[[Any], T] | None = None) -> list[T]:
    """The decoded items of a JSON array, or a DecodeError that names the item."""
    if not isinstance(value, list):
        value = list(value) if isinstance(value, tuple) else expected("an array", value)
    if decode is None:
        return value.copy()
    decoded: list[T] = []
    try:
        # As a loop, since what C calls in Python takes longer.
        for item in value:
            decoded.append(decode(item))  # noqa: PERF401
    except DecodeError as error:
        raise error.below(f"[{len(decoded)}]") from error
    return decoded


def decode_map(value: object, decode: Callable[[Any], T] | None = None) -> dict[str, T]:
    """The decoded members of a JSON object that is used as a map, or a DecodeError that names the member."""
    source = value if isinstance(value, dict) else decode_object(value)
    if decode is None:
        return source.copy()
    return {key: decode_step(item, decode, key) for key, item in source.items()}


def decode_step(value: object, decode: Callable[[Any], T], step: str) -> T:
    """The decoded value, or a DecodeError that says where it stands."""
    try:
        return decode(value)
    except DecodeError as error:
        raise error.below(step) from error


def decode_text(value: object) -> str:
    """A JSON string, or a DecodeError."""
    return value if isinstance(value, str) else expected("a string", value)


def decode_null(value: object) -> Any:
    """Null, where it stands for a string that may be absent, or a DecodeError."""
    return None if value is None else expected("a string", value)


def decode_bool(value: object) -> bool:
    """A JSON boolean, or a DecodeError."""
    return value if isinstance(value, bool) else expected("true or false", value)


def decode_int(value: object) -> int:
    """A JSON integer, or a DecodeError."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else expected("an integer", value)


def decode_number(value: object) -> float:
    """A JSON number, or a DecodeError."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else expected("a number", value)


def decode_timestamp(value: Any) -> datetime:
    """A JSON date-time, or a DecodeError."""
    try:
        if len(value) == _USUAL_LENGTH and value[-1] == "Z":
            return _moment_of(value)
        return Timestamp.parse(value)
    except (TypeError, ValueError, AttributeError):
        expected("an ISO 8601 date-time" if isinstance(value, str) else "a date-time", value)


def decode_known(kind: type[E], value: object) -> E:
    """A value of an enum that the contract knows, or a DecodeError that lists the known ones."""
    member = kind(value) if isinstance(value, str) else None
    if member is None or not member.is_known:
        expected(f"one of {', '.join(known.value for known in kind)}", value)
    return member


def decode_constant(value: object, constant: str | float, domain: str) -> None:
    """Raise a DecodeError when the value is not the constant, in any spelling."""
    if isinstance(constant, str) and isinstance(value, str):
        if value.casefold() in _all_spellings(constant, domain):
            return
    elif value == constant and isinstance(value, bool) is isinstance(constant, bool):
        return
    expected(repr(constant), value)


@cache
def _all_spellings(constant: str, domain: str) -> frozenset[str]:
    """What `spellings` tells, to look something up in."""
    return frozenset(spellings(constant, domain))


@cache
def _variants(tag_name: str, variants: tuple[type[Model], ...]) -> dict[str, type[Model]]:
    """The variants of a union by all spellings of their tags, in lower case."""
    return {
        text: variant
        for variant in variants
        for field in variant.fields()
        if field.json_name == tag_name and field.constant is not None
        for text in spellings(field.constant, f"{variant.__name__}.{tag_name}")
    }


def decode_variant(value: object, tag_name: str, variants: tuple[type[Model], ...]) -> Any:
    """The union variant that the tag names; raw data with its tag when the contract does not know it."""
    data = decode_object(value)
    tag = data.get(tag_name)
    if not isinstance(tag, str):
        return UnknownVariant(None, data)
    variant = _variants(tag_name, variants).get(tag.casefold())
    return UnknownVariant(tag, data) if variant is None else variant.from_dict(data)


def decode_known_variant(value: object, tag_name: str, variants: tuple[type[Model], ...]) -> Any:
    """The union variant that the tag names, or a DecodeError that lists the known tags."""
    variant = decode_variant(value, tag_name, variants)
    if isinstance(variant, UnknownVariant):
        known = [field.constant for kind in variants for field in kind.fields() if field.json_name == tag_name]
        raise DecodeError(
            f"expected one of {', '.join(filter(None, known))}, got {variant.data.get(tag_name)!r}", tag_name
        )
    return variant


def refuse_unknown(data: Mapping[str, object], known: tuple[Field, ...]) -> None:
    """Nothing, or a DecodeError that names a member the contract does not know and the nearest one it does."""
    unknown = others(data, known)
    if not unknown:
        return
    # Imported late: few are refused.
    from difflib import get_close_matches

    for name in unknown:
        near = get_close_matches(name, [field.json_name for field in known], n=1)
        hint = f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(f.json_name for f in known)}"
        raise DecodeError(f"is not a known field{hint}", name)


def enum_text(value: object, domain: str, spelling: Spelling) -> object:
    """The JSON text of an enum member, or of a plain string in its place; one that is unknown stays what it is."""
    text = value.value if isinstance(value, Enum) else value
    return constant_text(text, domain, spelling) if isinstance(text, str) else text


def constant_text(value: str, domain: str, spelling: Spelling) -> str:
    """The JSON text of a constant."""
    return spelling[domain].get(value, str(value)) if domain in spelling else str(value)

# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
"""The base classes of the generated models, their fields, and what becomes of one that is missing."""

from __future__ import annotations

import json
import sys
from abc import ABC, abstractmethod
from functools import cache
from math import isfinite
from operator import attrgetter
from threading import local
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, NoReturn, ParamSpec, Self, TypeVar
from warnings import warn

from .dialect import ADDED
from .spelled import AS_IS, Spelling
from .types import UNSET, Unset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

P = ParamSpec("P")
T = TypeVar("T")

# An object of a class without what its constructor does, and its attributes without what `__getattr__` adds.
new = object.__new__
_own = object.__getattribute__


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
    _decoding.origin, _decoding.has_gaps = origin, False
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
    """Base of all generated models.

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

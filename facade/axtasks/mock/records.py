"""The model as JSON and back, whole: every attribute of a dataclass under its own name, shown by the API or not."""

from __future__ import annotations

import types
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from .jsontypes import JsonObject, JsonValue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from _typeshed import DataclassInstance

T = TypeVar("T")

# The annotations of the model name these without importing them at run time.
NAMES: dict[str, object] = {"datetime": datetime, "JsonObject": JsonObject, "JsonValue": JsonValue}
PLAIN = (str, int, float, bool)


class RecordError(ValueError):
    """What was read is not what the model is made of; `path` says where in it."""

    def __init__(self, message: str, path: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.path = path


def to_record(thing: DataclassInstance) -> JsonObject:
    """A dataclass as an object; what stands at its default is left out."""
    record: JsonObject = {}
    for field in fields(thing):
        value = getattr(thing, field.name)
        default = field.default_factory() if field.default_factory is not MISSING else field.default
        if value != default:
            record[field.name] = _plain(value)
    return record


def from_record(kind: type[T], record: JsonValue) -> T:
    """The dataclass that an object describes."""
    if not isinstance(record, dict):
        raise RecordError(f"has to be an object, not {_name(record)}")
    readers, required = _readers(cast("type[DataclassInstance]", kind))
    values: dict[str, object] = {}
    for name, value in record.items():
        if name not in readers:
            raise RecordError("is not a known field", (name,))
        values[name] = _at(name, readers[name], value)
    for name in required:
        if name not in values:
            raise RecordError("is required", (name,))
    return kind(**values)


def _plain(value: object) -> JsonValue:
    if value is None or isinstance(value, PLAIN):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        return to_record(value)
    raise TypeError(f"a world cannot keep a {type(value).__name__}")


@cache
def _readers(kind: type[DataclassInstance]) -> tuple[Mapping[str, Callable[[JsonValue], object]], tuple[str, ...]]:
    """How to read each field of a dataclass, and the fields it cannot do without."""
    hints = get_type_hints(kind, localns=NAMES)
    described = fields(kind)
    required = tuple(field.name for field in described if field.default is MISSING and field.default_factory is MISSING)
    return {field.name: _reader(hints[field.name]) for field in described}, required


def _reader(hint: Any) -> Callable[[JsonValue], object]:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in {types.UnionType, Union}:
        return _optional(arguments)
    if origin is tuple and arguments[1:] == (...,):
        return _tuple_of(_reader(arguments[0]))
    if is_dataclass(hint) and isinstance(hint, type):
        return lambda value: from_record(hint, value)
    if hint is datetime:
        return _moment
    if origin is dict or hint in PLAIN:
        return _of_type(cast("type", origin or hint))
    raise TypeError(f"a world cannot keep a {hint}")


def _optional(arguments: tuple[Any, ...]) -> Callable[[JsonValue], object]:
    others = [each for each in arguments if each is not type(None)]
    if len(others) != 1:
        return lambda value: value  # any JSON value
    inner = _reader(others[0])
    return lambda value: None if value is None else inner(value)


def _of_type(wanted: type) -> Callable[[JsonValue], object]:
    allowed = (int, float) if wanted is float else (wanted,)

    def read(value: JsonValue) -> object:
        if not isinstance(value, allowed) or (isinstance(value, bool) and wanted is not bool):
            raise RecordError(f"has to be a {wanted.__name__}, not {_name(value)}")
        return value

    return read


def _tuple_of(inner: Callable[[JsonValue], object]) -> Callable[[JsonValue], object]:
    def read(value: JsonValue) -> object:
        if not isinstance(value, list):
            raise RecordError(f"has to be an array, not {_name(value)}")
        return tuple(_at(index, inner, each) for index, each in enumerate(value))

    return read


def _moment(value: JsonValue) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise RecordError(f"has to be a moment such as 2026-03-10T15:00:00Z, not {_name(value)}")
    return moment


def _at(step: str | int, inner: Callable[[JsonValue], object], value: JsonValue) -> object:
    try:
        return inner(value)
    except RecordError as error:
        raise RecordError(error.message, (step, *error.path)) from error


def _name(value: object) -> str:
    return "null" if value is None else repr(value)

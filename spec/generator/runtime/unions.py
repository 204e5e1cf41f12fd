"""Unions beyond those whose variants bear a constant, and what else only some contracts have."""

from __future__ import annotations

import ast
from contextlib import suppress
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from .codec import (
    DecodeError,
    Model,
    UnknownVariant,
    decode_bool,
    decode_int,
    decode_number,
    decode_object,
    decode_text,
    decode_timestamp,
    enum_text,
    expected,
    is_missing,
    timestamp_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .codec import Spelling

T = TypeVar("T")
_SCALARS = {"str": decode_text, "bool": decode_bool, "int": decode_int, "float": decode_number}


def decode_anything(value: Any) -> Any:
    """The value as it is."""
    return value


def decode_day(value: Any) -> date:
    """A JSON full-date, or a DecodeError."""
    try:
        # Days are also read from other forms of ISO 8601, which would not be written again as they came.
        found = date.fromisoformat(value)
    except (TypeError, ValueError):
        return expected("a date such as 2026-02-24", value)
    return found if found.isoformat() == value else expected("a date such as 2026-02-24", value)


def decode_full_time(value: Any) -> datetime:
    """A JSON date-time with a date and a time as RFC 3339 has them, where other texts are texts, or a DecodeError."""
    has_time = isinstance(value, str) and value[10:11] in {"T", "t", " "}
    return decode_timestamp(value) if has_time else expected("a date-time such as 2026-02-24T10:00:00Z", value)


def decode_literal(value: object, constant: T) -> T:
    """The constant, or a DecodeError when the value is another."""
    if value != constant or isinstance(value, bool) is not isinstance(constant, bool):
        expected(repr(constant), value)
    return constant


def decode_tagged(value: object, tag_name: str, variants: Mapping[Any, type[Model]]) -> Any:
    """The union variant that the tag names; raw data with its tag when the contract does not know it."""
    data = decode_object(value)
    tag = data.get(tag_name)
    # To Python true is 1, to JSON it is not.
    is_bool = isinstance(tag, bool)
    known = (variant for each, variant in variants.items() if each == tag and isinstance(each, bool) is is_bool)
    variant = next(known, None)
    return UnknownVariant(tag if isinstance(tag, str) else None, data) if variant is None else variant.from_dict(data)


def decode_known_tagged(value: object, tag_name: str, variants: Mapping[Any, type[Model]]) -> Any:
    """The union variant that the tag names, or a DecodeError that lists the known tags."""
    variant = decode_tagged(value, tag_name, variants)
    if isinstance(variant, UnknownVariant):
        raise DecodeError(
            f"expected one of {', '.join(map(str, variants))}, got {variant.data.get(tag_name)!r}", tag_name
        )
    return variant


def decode_union(value: object, decoders: tuple[Callable[[Any], Any], ...]) -> Any:
    """The first variant that fits; a DecodeError where none does.

    Of models, also within arrays, it is the one that lacks the fewest fields and has the fewest values of another type,
    and of those the one that knows most of the members. What is no model comes after those that fit.
    """
    found = []
    for decode in decoders:
        with suppress(DecodeError, KeyError, TypeError, ValueError, AttributeError):
            found.append(decode(value))
    return min(found, key=_distance) if found else expected("one of the variants that the contract has", value)


def _distance(value: object) -> tuple[int, int]:
    """Return the number of fields that are missing or of another type, and that of members that are unknown."""
    if isinstance(value, Model):
        kind = type(value)
        missing = sum(is_missing(value, field) for field in kind.fields())
        given = [(each, field.type, field.required and not field.nullable) for field, each in value.present()]
        misfits = sum(not _fits(each, _parsed(told)) for each, told, is_sure in given if is_sure or each is not None)
        further = getattr(value, "additional_properties", {})
        misfits += not _fits(further, _parsed(kind.__annotations__.get("additional_properties", "Any")))
        own, inner = (missing + misfits, len(further)), [*(each for each, _, _ in given), *further.values()]
    elif isinstance(value, UnknownVariant):
        # What the contract has comes before it.
        return 1, 0
    else:
        own = (0, len(value) + 1 if isinstance(value, dict) else 0)
        inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    distances = [own, *map(_distance, inner)]
    return sum(wrong for wrong, _ in distances), sum(unknown for _, unknown in distances)


@cache
def _parsed(kind: str) -> ast.expr:
    return ast.parse(kind, mode="eval").body


def _fits(value: Any, kind: ast.expr) -> bool:  # noqa: PLR0911  one for each kind of type
    """Return True for a value of a type, as the field of a model tells it; what models have is for them to tell."""
    match kind:
        case ast.BinOp(left=left, right=right):
            return _fits(value, left) or _fits(value, right)
        case ast.Subscript(value=ast.Name(id="Literal"), slice=constant):
            told = ast.literal_eval(constant)
            return bool(value == told) and isinstance(value, bool) is isinstance(told, bool)
        case ast.Subscript(value=ast.Name(id="list"), slice=item):
            return isinstance(value, list) and all(_fits(each, item) for each in value)
        case ast.Subscript(slice=ast.Tuple(elts=[_, item])):
            return isinstance(value, dict) and all(_fits(each, item) for each in value.values())
        case ast.Name(id=name) if name in _SCALARS:
            return _decodes(value, _SCALARS[name])
        case ast.Constant():
            return value is None
    return not isinstance(value, UnknownVariant) and getattr(value, "is_known", True) is True


def _decodes(value: object, decode: Callable[[Any], object]) -> bool:
    try:
        decode(value)
    except DecodeError:
        return False
    return True


def encode_value(value: Any, spelling: Spelling) -> Any:  # noqa: PLR0911  one for each kind of value
    """The JSON of a value of any shape."""
    if isinstance(value, Model | UnknownVariant):
        return value.to_dict(spelling)
    if isinstance(value, Enum):
        return enum_text(value, type(value).__name__, spelling)
    if isinstance(value, datetime):
        return timestamp_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | set):
        return [encode_value(item, spelling) for item in value]
    if isinstance(value, dict):
        return {key: encode_value(item, spelling) for key, item in value.items()}
    return value

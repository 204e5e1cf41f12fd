"""Unions beyond those whose variants bear a constant, and what else only some contracts have."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

from .codec import (
    DecodeError,
    Model,
    UnknownVariant,
    decode_object,
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
    known = (variant for each, variant in variants.items() if each == tag and type(each) is type(tag))
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

    Of models it is the one that lacks the fewest fields, and of those the one that knows most of the members. One that
    lacks fields gives way to what is no model.
    """
    best: Model | None = None
    for decode in decoders:
        try:
            found = decode(value)
        except (DecodeError, KeyError, TypeError, ValueError, AttributeError):
            continue
        if not isinstance(found, Model):
            return found if best is None or _distance(best)[0] else best
        if best is None or _distance(found) < _distance(best):
            best = found
    return best if best is not None else expected("one of the variants that the contract has", value)


def _distance(model: Model) -> tuple[int, int]:
    """Return the number of fields that are missing, and that of members that are unknown."""
    missing = sum(is_missing(model, field) for field in type(model).fields())
    return missing, len(getattr(model, "additional_properties", ()))


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

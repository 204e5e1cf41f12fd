"""Decoders from JSON to models and values, timestamps, and variants that the contract does not know."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from .base import (
    Field,
    FieldsOf,
    MissingAttributeError,
    Model,
    Origin,
    ResponseModel,
    decode_from,
    finite,
    has,
    is_blank,
    is_missing,
    json_text,
    leave_out,
    new,
    shorten,
)
from .spelled import (
    AS_IS,
    Members,
    OpenEnum,
    SpelledConstant,
    Spelling,
    all_spellings,
    constant_text,
    either_spelling,
    enum_text,
    spellings,
)

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
E = TypeVar("E", bound=OpenEnum)

# What models are made of is imported from here too, by modules of the package and by its users.
__all__ = (
    "AS_IS",
    "Field",
    "FieldsOf",
    "Members",
    "MissingAttributeError",
    "Model",
    "OpenEnum",
    "Origin",
    "ResponseModel",
    "SpelledConstant",
    "Spelling",
    "all_spellings",
    "constant_text",
    "decode_from",
    "either_spelling",
    "enum_text",
    "finite",
    "has",
    "is_blank",
    "is_missing",
    "json_text",
    "leave_out",
    "new",
    "shorten",
    "spellings",
)

# How servers write times; those that are written again as they were received need no memory of their text.
_USUAL_LENGTH = len("2026-02-24T10:00:00.500Z")
# Bound once: to bind it takes as long as it does.
_moment_of = datetime.fromisoformat


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


def misfit(error: Exception, result: Model, data: Mapping[str, Any]) -> DecodeError:
    """Return the error for a JSON object that could not be decoded, with the place in it.

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
    """The reason why a decoding step failed, in words."""
    if isinstance(error, KeyError):
        return "is required but missing"
    return str(error) or type(error).__name__


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
        if value.casefold() in all_spellings(constant, domain):
            return
    elif value == constant and isinstance(value, bool) is isinstance(constant, bool):
        return
    expected(repr(constant), value)


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
    """Raise a DecodeError for a member that the contract does not know; it names the nearest one that it does."""
    unknown = others(data, known)
    if not unknown:
        return
    # Imported late: few are refused.
    from difflib import get_close_matches

    for name in unknown:
        near = get_close_matches(name, [field.json_name for field in known], n=1)
        hint = f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(f.json_name for f in known)}"
        raise DecodeError(f"is not a known field{hint}", name)

"""Checks of arguments without a request: each returns the value, or raises an InvalidArgumentError that names it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from math import isfinite
from operator import index
from typing import TYPE_CHECKING, Any, TypeVar

from axtasks_api.codec import shorten
from axtasks_api.types import UNSET, Unset

from .errors import InvalidArgumentError
from .text import in_days

if TYPE_CHECKING:
    from axtasks_api.codec import OpenEnum

    E = TypeVar("E", bound=OpenEnum)

T = TypeVar("T")

SMALLEST_PAGE = 1
LARGEST_PAGE = 100
LONGEST_NAME_FILTER = 255
LONGEST_WINDOW = timedelta(days=30)


def checked_fields(
    values: Mapping[str, object], checks: Mapping[str, Callable[[str, object], object]]
) -> dict[str, object]:
    """Return the values that are not UNSET, each checked by the function of its name."""
    return {name: checks[name](name, value) for name, value in values.items() if not isinstance(value, Unset)}


def none_if_unset(value: T | Unset | None) -> T | None:
    """Return the value, or None for UNSET."""
    return None if isinstance(value, Unset) else value


def unset_if_none(value: T | Unset | None) -> T | Unset:
    """Return the value, or UNSET for None."""
    return UNSET if value is None else value


def text(name: str, value: object, *, most: int | None = None) -> str:
    """Check a text that is not empty, of at most so many characters."""
    if not isinstance(value, str):
        raise InvalidArgumentError(f"{name} has to be text, not {kind_of(value)}")
    if not value:
        raise InvalidArgumentError(f"{name} must not be empty")
    if not _is_sendable(value):
        raise InvalidArgumentError(f"{name} has half of a surrogate pair, which is no text: {value!r}")
    if most is not None and len(value) > most:
        raise InvalidArgumentError(f"{name} has {len(value)} characters; {most} is the most")
    return value


def reference(name: str, value: object) -> str:
    """Check a name or an id; the message for a whole model says where it has its id."""
    if not isinstance(value, str) and isinstance(getattr(value, "id", None), str):
        raise InvalidArgumentError(f"{name} has to be text, not {kind_of(value)}; give its id, which is its .id")
    return text(name, value)


def any_text(name: str, value: object) -> str:
    """Check a text that may be empty."""
    return value if isinstance(value, str) and not value else text(name, value)


def items(name: str, value: object, *, of: str = "") -> list[object]:
    """Check a list, or another iterable, and return its items; `of` says what they have to be, for the message."""
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        raise InvalidArgumentError(f"{name} has to be a list{f' of {of}' if of else ''}, not {kind_of(value)}")
    return list(value)


def texts(name: str, value: object, *, each: Callable[[str, object], str] = text) -> list[str]:
    """Check a list of texts; `each` checks the items."""
    return [each(f"{name}[{index}]", item) for index, item in enumerate(items(name, value, of="texts"))]


def metadata(name: str, value: object) -> dict[str, str]:
    """Return a dict of texts: texts as they are, all other values as compact JSON.

    The SDK page has `dict[str, Any]`, the contract has strings (I3).
    """
    if not isinstance(value, Mapping):
        raise InvalidArgumentError(f"{name} has to be a dict, not {kind_of(value)}")
    for key in value:
        if not isinstance(key, str):
            raise InvalidArgumentError(
                f"{name} has a key that has to be text, not {kind_of(key)}; convert it with str()"
            )
    return {key: item if isinstance(item, str) else _compact(f"{name}[{key!r}]", item) for key, item in value.items()}


def _compact(where: str, value: object) -> str:
    """Return a value as compact JSON."""
    value = plain(value)
    check_json(where, value)
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:  # a key that is a tuple, a list that holds itself
        raise InvalidArgumentError(f"{where} cannot be sent as JSON: {error}") from error


def check_json(where: str, value: object) -> None:
    """Check that JSON can express a value; the message says where it has a NaN or an object of a class."""
    try:
        unsendable = next(_not_json(value, ""), None)
    except RecursionError:
        # A value that holds itself is refused when it is encoded.
        return
    if unsendable is not None:
        at, item = unsendable
        raise InvalidArgumentError(f"{where}{f': {at}' if at else ''} cannot be sent as JSON: {kind_of(item)}")


def _not_json(value: object, at: str) -> Iterator[tuple[str, object]]:
    """Yield the path and the value of each part that JSON cannot express."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _not_json(item, f"{at}.{key}" if at else f"{key}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _not_json(item, f"{at}[{index}]")
    elif not isfinite(value) if isinstance(value, float) else not isinstance(value, str | int | None):
        yield at, value


def plain(value: object) -> Any:
    """Return values of NumPy and pandas as those of Python, at any depth of lists and mappings, which become dicts."""
    try:
        return _plain(value)
    except RecursionError:
        # A value that holds itself is refused when it is encoded.
        return value


def _plain(value: object) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    # Arrays, series and scalars of either have this; neither library is imported for it.
    if type(value).__module__.partition(".")[0] not in {"numpy", "pandas"} or not hasattr(value, "tolist"):
        return value
    source: Any = value
    return _plain(source.tolist())


def flag(name: str, value: object) -> bool:
    """Check a bool."""
    value = plain(value)
    if not isinstance(value, bool):
        raise InvalidArgumentError(f"{name} has to be True or False, not {_shown(value)}")
    return value


def count(name: str, value: object, *, least: int = 1, most: int | None = None) -> int:
    """Check a whole number within limits."""
    limits = f"from {least} to {most}" if most is not None else f"of at least {least}"
    if not isinstance(value, int) and hasattr(type(value), "__index__") and not isinstance(plain(value), bool):
        # Arrays and tensors of several items have the method too.
        with suppress(TypeError):
            value = index(value)  # type: ignore[arg-type]  # it has the method
    if not isinstance(value, int) or isinstance(value, bool) or value < least or (most is not None and value > most):
        raise InvalidArgumentError(f"{name} has to be a whole number {limits}, not {_shown(value)}")
    return value


def page_size(value: object) -> int:
    """Check the number of items of a page."""
    return count("limit", value, least=SMALLEST_PAGE, most=LARGEST_PAGE)


def fraction(name: str, value: object) -> float:
    """Check a number from 0 to 1."""
    value = plain(value)
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise InvalidArgumentError(f"{name} has to be a number from 0 to 1, not {_shown(value)}{_float_hint(value)}")
    return value


def seconds(name: str, value: object) -> float:
    """Check a positive number of seconds."""
    if type(value) is float and value > 0:
        # The fast path: each request comes here several times.
        return value
    value = plain(value)
    if not isinstance(value, int | float) or isinstance(value, bool) or not value > 0:
        raise InvalidArgumentError(
            f"{name} has to be a positive number of seconds, not {_shown(value)}{_float_hint(value)}"
        )
    if isinstance(value, int) and value > sys.float_info.max:
        raise InvalidArgumentError(f"{name} is more seconds than can be counted; for no limit there is float('inf')")
    return value


def timestamp(name: str, value: object) -> datetime:
    """Check a point in time with a time zone."""
    if not isinstance(value, datetime):
        is_of_numpy = type(value).__module__ == "numpy"
        hint = '; give it as pd.Timestamp(value, tz="UTC")' if is_of_numpy else ""
        raise InvalidArgumentError(f"{name} has to be a datetime, not {kind_of(value)}{hint}")
    try:
        offset = value.utcoffset()
    except ValueError:
        # NaT of pandas is a datetime by its class alone.
        raise InvalidArgumentError(f"{name} has to be a point in time, not {kind_of(value)}") from None
    if offset is None:
        raise InvalidArgumentError(
            f"{name} has no time zone, and the server refuses such times: give one, as in datetime(..., tzinfo=UTC)"
        )
    try:
        in_utc = value.astimezone(UTC)
    except OverflowError:
        raise InvalidArgumentError(f"{name} ({value}) is outside the years 1 to 9999 in UTC") from None
    # Offsets of RFC 3339 have no seconds; local mean time does.
    return in_utc if offset % timedelta(minutes=1) else value


def check_window(start: datetime | None, end: datetime | None) -> None:
    """Check that two times can be the bounds of a window (rule C26)."""
    if start is None or end is None:
        return
    # Python compares two times of one zone by their wall clocks, which jump twice a year.
    length = (end.replace(tzinfo=UTC) - start.replace(tzinfo=UTC)) - (_offset(end) - _offset(start))
    if length <= timedelta():
        raise InvalidArgumentError(f"data_start_time ({start}) has to be before data_end_time ({end})")
    if length > LONGEST_WINDOW:
        raise InvalidArgumentError(
            f"data_start_time and data_end_time are {in_days(length)} apart; {LONGEST_WINDOW.days} days is the most"
        )


def _offset(timestamp: datetime) -> timedelta:
    return timestamp.utcoffset() or timedelta()


def enum_member(name: str, kind: type[E], value: object, *, among: Iterable[E] | None = None) -> E:
    """Check a member of an enum, or its text in either case; `among` are the members that are allowed."""
    allowed = list(kind if among is None else among)
    member = kind(value) if isinstance(value, str) else None
    if member is None or member not in allowed:
        raise InvalidArgumentError(f"{name} has to be one of {', '.join(allowed)}, not {_shown(value)}")
    return member


def _is_sendable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def kind_of(value: object) -> str:
    """Return the type of a value and the beginning of its repr, for a message."""
    return "None" if value is None else f"{type(value).__name__} ({_shown(value)})"


def _shown(value: object) -> str:
    """Return the beginning of the repr of a value."""
    try:
        return shorten(repr(value))
    except ValueError:
        # Python refuses to format whole numbers of thousands of digits.
        return "a number of more digits than can be shown"


def _float_hint(value: object) -> str:
    """Return advice for a number of another class, such as a Decimal."""
    is_other = not isinstance(value, int | float) and hasattr(type(value), "__float__")
    return "; give it as a float" if is_other else ""

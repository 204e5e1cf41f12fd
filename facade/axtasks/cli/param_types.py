"""Types of parameters for click: JSON, lists, times, members of enums, evaluators by name."""

from __future__ import annotations

import math
import re
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    ParamType = click.ParamType[Any]
else:
    # Older versions of click do not know what a type converts to.
    ParamType = click.ParamType


STDIN = "-"
_NULLS = ("null", "none", "nil", "undefined")
_JSON_KINDS = {list: "an array", dict: "an object", str: "a string", bool: "true or false", type(None): "null"}
_UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_DURATION = r"(?P<count>[0-9]{1,9})(?P<unit>[smhd])"
_EVALUATOR = r"(?P<name>.+?)(?::(?P<mappings>[^:=,]+=[^,]*(?:,[^:=,]+=[^,]*)*))?"


class JsonType(ParamType):
    """JSON: inline text, `@file.json`, the path of a file, or `-` for standard input.

    Args:
        kind: the type it has to be, `list` or `dict`; any if None.
        may_be_empty: whether an empty text stands for an empty object or array.
    """

    name = "json"

    def __init__(
        self, kind: type[list[Any]] | type[dict[str, Any]] | None = None, *, may_be_empty: bool = False
    ) -> None:
        self.kind = kind
        self.may_be_empty = may_be_empty

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return the form of the value in the help."""
        return "JSON|@FILE|-"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the parsed value."""
        if not isinstance(value, str):
            return value
        if not value and self.may_be_empty and self.kind:
            return self.kind()
        # Imported late, as others below: help does without them.
        import json

        text, origin = self._read(value, param, ctx)
        try:
            parsed = json.loads(text, object_pairs_hook=_object)
        except _RepeatedError as error:
            self.fail(f"{origin} has {error} twice in one object, of which only one could count", param, ctx)
        except (ValueError, RecursionError) as error:
            self.fail(f"{origin} is not JSON: {error}", param, ctx)
        if self.kind and not isinstance(parsed, self.kind):
            found = _JSON_KINDS.get(type(parsed), "a number")
            self.fail(f"{origin} has to be {_JSON_KINDS[self.kind]}, not {found}", param, ctx)
        return parsed

    def _read(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Return the text, and the name of its source for messages."""
        if value.lstrip().startswith(("[", "{")):
            return value, "the text"
        if value == STDIN:
            return self._read_stdin(param, ctx), "standard input"
        from pathlib import Path

        try:
            path = Path(value.removeprefix("@")).expanduser()
            return path.read_text(encoding="utf-8-sig"), str(path)
        except (OSError, ValueError, RuntimeError) as error:  # the last for the home of a user that there is not
            reason = getattr(error, "strerror", None) or str(error)
            message = f"{value!r} is no JSON (which begins with [ or {{), and as a file it cannot be read: {reason}"
            self.fail(message, param, ctx)

    def _read_stdin(self, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if ctx is not None and ctx.meta.setdefault("axtasks.stdin", param) is not param:
            self.fail("standard input can be read by one option only", param, ctx)
        _check_stdin(self, param, ctx)
        try:
            return sys.stdin.read()
        except ValueError as error:
            self.fail(f"standard input is not text: {error}", param, ctx)


class TextFile(click.File):
    """A file of text to read, or `-` for standard input."""

    def __init__(self) -> None:
        super().__init__("r", encoding="utf-8-sig")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the open file."""
        if value == STDIN:
            _check_stdin(self, param, ctx)
        return super().convert(value, param, ctx)


class _RepeatedError(ValueError):
    """Error for a name that is twice in one JSON object; its text is the name."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _RepeatedError(repr(name))
        found[name] = value
    return found


class ListType(ParamType):
    """A list written with commas. Blanks around items and empty items are dropped, but one has to be left."""

    name = "list"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return the form of the value in the help."""
        return "A,B,..."

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> list[str]:
        """Return the items."""
        if not isinstance(value, str):
            return cast("list[str]", value)
        items = [item.strip() for item in value.split(",") if item.strip()]
        if not items:
            # Taken for none, it would stand for all there is.
            self.fail(f"{value!r} names nothing; leave the option out if all are meant", param, ctx)
        return items


class CountType(click.IntRange):
    """A whole number of at least 1."""

    name = "integer"

    def __init__(self) -> None:
        super().__init__(min=1)


class NumberRange(click.FloatRange):
    """A number within a range. NaN is refused, which no comparison finds to be outside."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number."""
        number = float(super().convert(value, param, ctx))
        if math.isnan(number):
            self.fail(f"{value!r} is not a number", param, ctx)
        return number


class TimeType(ParamType):
    """A time in ISO 8601, such as 2026-03-01T00:00:00Z. Without an offset it is UTC."""

    name = "time"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return the form of the value in the help."""
        return "TIME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the time, with its offset."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a time in ISO 8601, such as 2026-03-01T00:00:00Z", param, ctx)
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


class DurationType(ParamType):
    """A length of time, such as 7d, 12h or 90m."""

    name = "duration"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return the form of the value in the help."""
        return "DURATION"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Return the length."""
        if isinstance(value, timedelta):
            return value
        found = re.fullmatch(_DURATION, value)
        if found is None:
            self.fail(f"{value!r} is not a length of time, such as 7d, 12h or 90m", param, ctx)
        return timedelta(seconds=int(found["count"]) * _UNIT_SECONDS[found["unit"]])


class EnumChoice(ParamType):
    """A value of one of the contract's enums. The enum is imported when it is first needed.

    Args:
        enum: the name of the enum in the package.
    """

    name = "choice"

    def __init__(self, enum: str) -> None:
        self.enum = enum

    def values(self) -> list[str]:
        """Return the values of the enum."""
        import axtasks

        return [str(member) for member in getattr(axtasks, self.enum)]

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return the form of the value in the help."""
        return f"[{'|'.join(self.values())}]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the member of the enum."""
        import axtasks

        member = getattr(axtasks, self.enum)(str(value))
        if not member.is_known:
            self.fail(f"{value!r} is not one of {', '.join(self.values())}", param, ctx)
        return member

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the values that begin with a text."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(value) for value in self.values() if value.startswith(incomplete)]


class FilterType(ParamType):
    """A filter. The words for null in other languages are refused: the server would store them as a filter."""

    name = "filter"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text."""
        if str(value).strip().casefold() in _NULLS:
            self.fail(
                f'{value!r} is no filter; leave the option out, or give "" to clear the one of a task', param, ctx
            )
        return str(value)


class EvaluatorType(ParamType):
    """An evaluator by name or id, with column mappings if need be: `Name` or `Name:variable=column,...`."""

    name = "evaluator"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return the form of the value in the help."""
        return "NAME[:VAR=COLUMN,...]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, Any]:
        """Return the evaluator as the client takes it."""
        match = re.fullmatch(_EVALUATOR, str(value), re.DOTALL)
        if match is None:
            self.fail("an evaluator needs a name or an id", param, ctx)
        evaluator: dict[str, Any] = {"evaluator_id": match["name"]}
        if match["mappings"]:
            pairs = [[part.strip() for part in pair.split("=", 1)] for pair in match["mappings"].split(",")]
            mappings = dict(pairs)
            if len(mappings) < len(pairs) or not all(variable and column for variable, column in pairs):
                self.fail(f"{value!r} has to map each variable to one column, as in Name:input=column,...", param, ctx)
            evaluator["column_mappings"] = mappings
        return evaluator


def _check_stdin(kind: ParamType, param: click.Parameter | None, ctx: click.Context | None) -> None:
    """Refuse a standard input that was closed from the start, for which Python has None."""
    if sys.stdin is None:
        kind.fail("standard input is closed", param, ctx)

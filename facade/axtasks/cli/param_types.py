"""Types of parameters for click: JSON, lists, times, members of enums, evaluators by name."""

from __future__ import annotations

import json
import math
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from click.shell_completion import CompletionItem

    ParamType = click.ParamType[Any]
else:
    # Older versions of click do not know what a type converts to.
    ParamType = click.ParamType


STDIN = "-"
_EVALUATOR = re.compile(r"(?P<name>.+?)(?::(?P<mappings>[^:=,]+=[^,]*(?:,[^:=,]+=[^,]*)*))?", re.DOTALL)


class Json(ParamType):
    """JSON: inline text, `@file.json`, the path of a file, or `-` for standard input.

    Args:
        kind: what it has to be, `list` or `dict`.
        may_be_empty: whether an empty text stands for an empty one.
    """

    name = "json"

    def __init__(self, kind: type[list[Any]] | type[dict[str, Any]], *, may_be_empty: bool = False) -> None:
        self.kind = kind
        self.may_be_empty = may_be_empty

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """How help shows it."""
        return "JSON|@FILE|-"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The parsed value."""
        if not isinstance(value, str):
            return value
        if not value and self.may_be_empty:
            return self.kind()
        text, origin = self._read(value, param, ctx)
        try:
            parsed = json.loads(text, object_pairs_hook=_object)
        except _RepeatedError as error:
            self.fail(f"{origin} has {error} twice in one object, of which only one could count", param, ctx)
        except (ValueError, RecursionError) as error:
            self.fail(f"{origin} is not JSON: {error}", param, ctx)
        if not isinstance(parsed, self.kind):
            wanted = "an array" if self.kind is list else "an object"
            self.fail(f"{origin} has to be {wanted}, not {_json_kind(parsed)}", param, ctx)
        return parsed

    def _read(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """The text, and what to call it."""
        if value.lstrip().startswith(("[", "{")):
            return value, "the text"
        if value == STDIN:
            return self._read_stdin(param, ctx), "standard input"
        try:
            path = Path(value.removeprefix("@")).expanduser()
            return path.read_text(encoding="utf-8-sig"), str(path)
        except (OSError, ValueError, RuntimeError) as error:  # the last for the home of a user that there is not
            reason = getattr(error, "strerror", None) or str(error)
            self.fail(
                f"{value!r} is no JSON (which begins with [ or {{), and as a file it cannot be read: {reason}",
                param,
                ctx,
            )

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
        """The open file."""
        if value == STDIN:
            _check_stdin(self, param, ctx)
        return super().convert(value, param, ctx)


class _RepeatedError(ValueError):
    """A name that stands twice in one object; the text is the name."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _RepeatedError(repr(name))
        found[name] = value
    return found


class Items(ParamType):
    """A list written with commas. Blanks around items and empty items are dropped, but one has to be left."""

    name = "list"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """How help shows it."""
        return "A,B,..."

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> list[str]:
        """The items."""
        if not isinstance(value, str):
            return cast("list[str]", value)
        items = [item.strip() for item in value.split(",") if item.strip()]
        if not items:
            # Taken for none, it would stand for all there is.
            self.fail(f"{value!r} names nothing; leave the option out if all are meant", param, ctx)
        return items


class Number(click.FloatRange):
    """A number within a range. NaN, which comparisons cannot tell to be outside, is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number."""
        number = float(super().convert(value, param, ctx))
        if math.isnan(number):
            self.fail(f"{value!r} is not a number", param, ctx)
        return number


class Moment(ParamType):
    """A time in ISO 8601, such as 2026-03-01T00:00:00Z. Without an offset it is UTC."""

    name = "time"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """How help shows it."""
        return "TIME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment, with its offset."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a time in ISO 8601, such as 2026-03-01T00:00:00Z", param, ctx)
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


class Member(ParamType):
    """A value of one of the contract's enums, which is looked up when it is first needed.

    Args:
        enum: the name of the enum in the package.
    """

    name = "choice"

    def __init__(self, enum: str) -> None:
        self.enum = enum

    def values(self) -> list[str]:
        """The values there are."""
        import axtasks

        return [str(member) for member in getattr(axtasks, self.enum)]

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """How help shows it."""
        return f"[{'|'.join(self.values())}]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The value in the contract's spelling."""
        known = {name.casefold(): name for name in self.values()}
        if str(value).casefold() not in known:
            self.fail(f"{value!r} is not one of {', '.join(self.values())}", param, ctx)
        return known[str(value).casefold()]

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The values that begin like what was typed."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(value) for value in self.values() if value.startswith(incomplete)]


class EvaluatorSpec(ParamType):
    """An evaluator by name or id, with column mappings if need be: `Name` or `Name:variable=column,...`."""

    name = "evaluator"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """How help shows it."""
        return "NAME[:VAR=COLUMN,...]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, Any]:
        """The evaluator as the library takes it."""
        match = _EVALUATOR.fullmatch(str(value))
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


def all_evaluators(
    evaluators: list[Any] | None, by_name: Sequence[dict[str, Any]], *, required: bool
) -> list[Any] | None:
    """The evaluators of `--evaluators` and `--evaluator` together.

    Args:
        evaluators: the parsed `--evaluators`; None when it was not given.
        by_name: the parsed `--evaluator` options.
        required: whether there has to be one.
    """
    together = [*(evaluators or []), *by_name]
    if required and evaluators is None and not by_name:
        raise click.UsageError("evaluators are needed: give --evaluator NAME, or --evaluators JSON")
    return None if evaluators is None and not by_name else together


def _check_stdin(kind: ParamType, param: click.Parameter | None, ctx: click.Context | None) -> None:
    """Nothing, if there is a standard input; Python has None for one that was closed from the start."""
    if sys.stdin is None:
        kind.fail("standard input is closed", param, ctx)


def _json_kind(value: object) -> str:
    kinds = {list: "an array", dict: "an object", str: "a string", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")

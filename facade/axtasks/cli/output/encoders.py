"""Encoders for programs: bare text, JSON lines, CSV (RFC 4180) and Parquet."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from axtasks.text import escape

from .columns import pick
from .values import flat, is_scalar, json_text, time_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pyarrow as pa


class _Echo:
    """A file for `csv` whose `write` returns the text."""

    def write(self, text: str, /) -> str:
        """Return the text."""
        return text


def jsonl_text(items: Iterable[object]) -> str:
    """Return a line of JSON for each item."""
    return "".join(f"{json_text(item)}\n" for item in items)


def bare_text(value: object) -> str:
    """Return a value for a shell: text without quotes, a line for each item of a list, tabs within an item.

    A single text is written as it is. In a list its tabs and line breaks are escaped, so that lines and columns hold.
    """
    if not isinstance(value, list):
        return f"{flat(value)}\n" if is_scalar(value) else _line(value)
    return "".join(map(_line, value))


def _line(item: object) -> str:
    parts = list(item.values()) if isinstance(item, dict) else item if isinstance(item, list) else [item]
    return "\t".join(escape(flat(part)) for part in parts) + "\n"


def csv_text(rows: Iterable[Mapping[str, object]], paths: Sequence[str], *, on_terminal: bool) -> str:
    """Return rows as CSV with a heading, with lines that end in LF.

    Args:
        rows: the rows.
        paths: the fields, or dotted paths to them.
        on_terminal: whether it goes to a terminal; characters that would steer it are escaped then.
    """
    if not paths:
        return ""
    lines = [list(paths), *([flat(pick(row, path)) for path in paths] for row in rows)]
    if on_terminal:
        lines = [[escape(text) for text in line] for line in lines]
    # The writer is told of CRLF so that it quotes both of its characters; the lines end in LF as other tools expect.
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    written: Iterable[object] = (writer.writerow(line) for line in lines)
    return "".join(str(line).removesuffix("\r\n") + "\n" for line in written)


_LARGEST_INTEGER = 2**63 - 1


def parquet_bytes(rows: Sequence[Mapping[str, object]], paths: Sequence[str], types: Mapping[str, str]) -> bytes:
    """Return rows as a Parquet file. Times are timestamps in UTC; what has no type of its own is text.

    Args:
        rows: the rows.
        paths: the fields, or dotted paths to them.
        types: Python types by field, as the contract has them, for those that are known.
    """
    import pyarrow as pa
    from pyarrow import parquet

    arrays = [_array(path, [pick(row, path) for row in rows], types.get(path, "")) for path in paths]
    sink = pa.BufferOutputStream()
    parquet.write_table(pa.Table.from_arrays(arrays, names=list(paths)), sink)
    return sink.getvalue().to_pybytes()


def _array(path: str, values: list[object], stated: str) -> pa.Array[Any]:
    import pyarrow as pa

    present = [value for value in values if value is not None]
    declared = stated.removesuffix(" | None")
    if _all(bool, present) and (present or declared == "bool"):
        return pa.array(values, pa.bool_())
    if declared != "float" and _all(int, present) and (present or declared == "int"):
        return pa.array(values, pa.int64())
    if _all((int, float), present) and (present or declared == "float"):
        return pa.array([float(value) if isinstance(value, int | float) else None for value in values], pa.float64())
    times = [time_of(path, value) for value in values]
    if times.count(None) == values.count(None) and (present or declared == "datetime"):
        return pa.array(times, pa.timestamp("us", tz="UTC"))
    return pa.array([None if value is None else flat(value) for value in values], pa.string())


def _all(kinds: type | tuple[type, ...], values: list[object]) -> bool:
    """Return whether all values are of some types; true and false are no numbers."""
    return all(
        isinstance(value, kinds)
        and (kinds is bool or not isinstance(value, bool))
        and not (isinstance(value, int) and abs(value) > _LARGEST_INTEGER)
        for value in values
    )

"""Formats of the output, the endings of files that have them, and where the spelling of values is kept."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """A format of results."""

    TABLE = "table"
    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


ENDINGS = {
    ".json": Format.JSON,
    ".jsonl": Format.JSONL,
    ".csv": Format.CSV,
    ".parquet": Format.PARQUET,
    ".pq": Format.PARQUET,
}
VALUES = "axtasks.values"
"""The key of the spelling in the context of a command; None stands there if no option and no variable says it."""
VALUES_VARIABLE = "ARIZE_TASKS_VALUES"

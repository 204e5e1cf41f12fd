"""Formats of the output, and the endings of files that have them."""

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

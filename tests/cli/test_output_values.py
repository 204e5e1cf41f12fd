"""Tests of single values: in a table, in a file's cell, and as JSON."""

from __future__ import annotations

import json

import pytest
from axtasks.cli.errors import OutputError
from axtasks.cli.output.settings import output_settings
from axtasks.cli.output.show import Result, show
from axtasks.cli.output.values import cell, flat, json_text
from axtasks.text import escape


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        pytest.param("name", None, "-", id="null"),
        pytest.param("name", "", '""', id="empty text"),
        pytest.param("name", "two words", "two words", id="text"),
        pytest.param("name", "two\nlines", r"two\nlines", id="lines"),
        pytest.param("is_continuous", True, "true", id="true"),
        pytest.param("num_errors", 0, "0", id="zero"),
        pytest.param("sampling_rate", 1e-07, "1e-07", id="small"),
        pytest.param("ids", [], "-", id="empty list"),
        pytest.param("ids", ["a", None, 1, True], "a, -, 1, true", id="list"),
        pytest.param("mappings", {}, "-", id="empty object"),
        pytest.param("mappings", {"a": "b", "c\n": None}, r"a=b, c\n=-", id="object"),
        pytest.param("evaluators", [{"a": 1}], '[{"a":1}]', id="list of objects"),
        pytest.param("config", {"a": {"b": [1]}}, '{"a":{"b":[1]}}', id="nested object"),
        pytest.param("created_at", "2026-03-10T15:00:00.999Z", "2026-03-10 15:00:00Z", id="time"),
        pytest.param("data_end_time", "2026-03-10T17:30:00+02:30", "2026-03-10 15:00:00Z", id="time elsewhere"),
        pytest.param("created_at", "2026-03-10T15:00:00", "2026-03-10 15:00:00Z", id="time without offset"),
        pytest.param("created_at", "2026-03-10T15:00:00.123456789Z", "2026-03-10 15:00:00Z", id="nanoseconds"),
        pytest.param("created_at", "2026-03-10t15:00:00z", "2026-03-10 15:00:00Z", id="small letters"),
        pytest.param("last_run_at", "0001-01-01T00:00:00Z", "0001-01-01 00:00:00Z", id="Go's zero"),
        pytest.param("created_at", "yesterday", "yesterday", id="no time at all"),
        pytest.param("created_at", "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00", id="before all time"),
        pytest.param("created_at", 5, "5", id="a number for a time"),
        pytest.param("name", "2026-03-10T15:00:00Z", "2026-03-10T15:00:00Z", id="a name that looks like a time"),
    ],
)
def test_values_for_people(name: str, value: object, shown: str) -> None:
    """Values are one line, safe on any terminal; times are in UTC, by the second."""
    assert cell(name, value) == shown


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        pytest.param("\x1b]0;title\x07", r"\x1b]0;title\x07", id="terminal title"),
        pytest.param("\x9b31m", r"\x9b31m", id="C1"),
        pytest.param("\x7f\x00", r"\x7f\x00", id="delete and nul"),
        pytest.param("\u202egnp\u2066", r"\u202egnp\u2066", id="right to left"),
        pytest.param("\u2028", r"\u2028", id="line separator"),
        pytest.param("\udcff", r"\udcff", id="surrogate"),
        pytest.param("é日🙂\u200d", "é日🙂\u200d", id="letters and emoji"),
    ],
)
def test_escapes(text: str, escaped: str) -> None:
    """Control characters are escaped; JSON has its own escapes for them."""
    assert escape(text) == escaped
    assert json.loads(json_text(text)) == text
    assert json_text(text).isprintable() or text == escaped


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), ("a,b", "a,b"), (True, "true"), (0.5, "0.5"), (["é", None], '["é",null]'), ({}, "{}")],
    ids=["null", "text", "boolean", "number", "list", "object"],
)
def test_values_for_files(value: object, text: str) -> None:
    """Text is unchanged, null is empty, other values are JSON."""
    assert flat(value) == text


def test_quiet_without_ids() -> None:
    """Rows without ids are an error, not an empty output."""
    with pytest.raises(OutputError, match="has no id"):
        show(Result({"a": 1}, [{"a": 1}], "answer", single=True), output_settings(quiet=True))

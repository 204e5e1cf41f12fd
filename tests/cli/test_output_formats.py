"""Tests of each format, on standard output and in files, read back by other libraries."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import axtasks
import pytest
from axtasks.cli.output.show import one
from axtasks.contract.dialect import is_newer
from axtasks.extras import install_command
from pyarrow import parquet

from tests.cli.output_support import EXPERIMENT, HOSTILE, MONITOR, RESULTS, TASKS, ax, on_terminal, without

pytestmark = pytest.mark.usefixtures("environment")
FIELDS = [field.json_name for field in axtasks.Task.fields() if not is_newer("Task", field.json_name)]


@pytest.mark.parametrize("name", ["tasks", "monitor", "experiment", "none", "more", "hostile"])
@pytest.mark.parametrize("to_file", [False, True], ids=["stdout", "file"])
def test_json_is_what_the_api_returned(name: str, to_file: bool) -> None:
    """Nulls, order, unknown fields and pagination are kept, and standard output has nothing else."""
    finished = ax(name, "-o", "out.json" if to_file else "json")

    text = Path("out.json").read_text(encoding="utf-8") if to_file else finished.stdout
    assert finished.exit_code == 0
    assert json.loads(text) == RESULTS[name].document
    assert text.startswith("{\n  ")
    assert text.endswith("}\n")
    assert not (to_file and finished.stdout)


def test_json_is_readable() -> None:
    """Letters of all scripts are written unescaped."""
    assert "日本語" in ax("experiment", "-o", "json").stdout


@pytest.mark.parametrize("to_file", [False, True], ids=["stdout", "file"])
def test_json_lines_have_an_object_each(to_file: bool) -> None:
    """Each line is a compact object, as it was returned."""
    finished = ax("tasks", "-o", "out.jsonl" if to_file else "jsonl")

    text = Path("out.jsonl").read_text(encoding="utf-8") if to_file else finished.stdout
    assert [json.loads(line) for line in text.splitlines()] == TASKS
    assert ": " not in text.splitlines()[0]


def of_csv(text: str) -> list[dict[str, str]]:
    """Return the rows of CSV text as `csv` reads them."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("to_file", [False, True], ids=["stdout", "file"])
def test_csv_is_read_back(to_file: bool) -> None:
    """Nulls are empty, booleans true and false, nested values JSON; the heading is the contract's, then what is new."""
    finished = ax("tasks", "-o", "out.csv" if to_file else "csv")

    text = Path("out.csv").read_text(encoding="utf-8") if to_file else finished.stdout
    rows = of_csv(text)
    assert list(rows[0]) == [*FIELDS, "from_a_later_server"]
    for row, task in zip(rows, TASKS, strict=True):
        for name, read in row.items():
            value = task.get(name)
            assert (
                read == ("" if value is None else value) if isinstance(value, str | None) else json.loads(read) == value
            )
    assert [row["is_continuous"] for row in rows] == ["true", "false"]
    assert "\r" not in text


def test_csv_keeps_every_character() -> None:
    """Line ends, tabs and control characters come back as they were; what UTF-8 has no bytes for is escaped."""
    assert ax("hostile", "-o", "hostile.csv").exit_code == 0

    rows = of_csv(Path("hostile.csv").read_bytes().decode("utf-8"))
    assert [row["name"] for row in rows] == [HOSTILE["name"].replace("\ud800", r"\ud800")]


def test_csv_of_a_column_without_values_keeps_its_rows() -> None:
    """An empty row is still a row."""
    assert of_csv(ax("tasks", "-o", "csv", "--columns", "created_by_user_id").stdout) == [
        {"created_by_user_id": ""},
        {"created_by_user_id": "VXNlcjox"},
    ]


@pytest.mark.parametrize("ending", ["parquet", "pq", "PARQUET"])
def test_parquet_is_read_back(ending: str) -> None:
    """Simple fields have their types, times are timestamps in UTC, nested values are JSON."""
    assert ax("tasks", "--output", f"out.{ending}").exit_code == 0

    table = parquet.read_table(f"out.{ending}")
    assert table.column_names == [*FIELDS, "from_a_later_server"]
    rows: list[dict[str, Any]] = table.to_pylist()
    for row, task in zip(rows, TASKS, strict=True):
        for name, read in row.items():
            value: Any = task.get(name)
            if isinstance(value, list | dict):
                assert json.loads(read) == value
            elif isinstance(read, datetime):
                assert read == datetime.fromisoformat(value)
            else:
                assert (type(read), read) == (type(value), value)
    assert rows[0]["created_at"] == axtasks.Task.from_dict(MONITOR).created_at == datetime(2026, 3, 10, 15, tzinfo=UTC)


@pytest.mark.parametrize("name", ["tasks", "none", "monitor"])
def test_parquet_has_the_same_types_whatever_the_rows(name: str) -> None:
    """Columns of nulls alone keep the contract's type."""
    ax(name, "-o", "out.parquet")

    schema = parquet.read_schema("out.parquet")
    fields = ("name", "is_continuous", "sampling_rate", "last_run_at", "evaluators", "created_by_user_id")
    assert [str(schema.field(name).type) for name in fields] == [
        "string",
        "bool",
        "double",
        "timestamp[us, tz=UTC]",
        "string",
        "string",
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("[`1`, `2`]", [1, 2], id="integers"),
        pytest.param("[`1`, `2.5`, `null`]", [1.0, 2.5, None], id="numbers"),
        pytest.param("[`true`, `null`]", [True, None], id="booleans"),
        pytest.param("[`true`, `1`]", ["true", "1"], id="a mixture is text"),
        pytest.param("[`9223372036854775808`]", ["9223372036854775808"], id="too large is text"),
        pytest.param("['a', `1`]", ["a", "1"], id="text and numbers"),
        pytest.param("[`null`]", [None], id="nothing at all"),
    ],
)
def test_parquet_columns_of_unknown_type(query: str, expected: list[object]) -> None:
    """Without a type in the contract, the values decide."""
    assert ax("tasks", "-o", "out.parquet", "--query", query).exit_code == 0

    assert parquet.read_table("out.parquet").to_pylist() == [{"value": value} for value in expected]


def test_parquet_times_that_are_none() -> None:
    """A field with the name of a time and another kind of value is text."""
    ax("tasks", "-o", "out.parquet", "--query", "tasks[].{made_at: name, seen_at: created_at}")

    assert parquet.read_table("out.parquet").to_pylist() == [
        {"made_at": task["name"], "seen_at": datetime(2026, 3, 10, 15, tzinfo=UTC)} for task in TASKS
    ]


def test_parquet_of_nothing() -> None:
    """A query without results makes a file with neither rows nor columns."""
    assert ax("none", "-o", "out.parquet", "--query", "tasks").exit_code == 0

    table = parquet.read_table("out.parquet")
    assert (table.num_rows, table.num_columns) == (0, 0)


def test_parquet_without_pyarrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error comes before the command starts, and names the package to install."""
    without(monkeypatch, "pyarrow")

    finished = ax("change", "-o", "out.parquet")

    assert (finished.exit_code, finished.stdout) == (5, "")
    assert finished.stderr == f"Error: parquet needs pyarrow: {install_command('parquet')}\n"
    assert not Path("out.parquet").exists()


def test_parquet_is_not_shown_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Binary data would garble the terminal, so a file name is required before the command starts."""
    on_terminal(monkeypatch)

    finished = ax("change", "-o", "parquet")

    assert finished.exit_code == 2
    assert "--output out.parquet" in finished.stderr
    assert "changed" not in finished.stderr


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        pytest.param("table", "", id="table"),
        pytest.param("jsonl", "", id="jsonl"),
        pytest.param("csv", ",".join(FIELDS) + "\n", id="csv"),
        pytest.param("json", '{\n  "tasks": [],\n  "pagination": {\n    "has_more": false\n  }\n}\n', id="json"),
    ],
)
def test_an_empty_list(output: str, expected: str) -> None:
    """Standard output has the format's empty value; standard error has a sentence."""
    finished = ax("none", "-o", output)

    assert (finished.exit_code, finished.stdout, finished.stderr) == (0, expected, "No tasks.\n")


@pytest.mark.parametrize("output", ["table", "text", "csv", "json", "jsonl"])
def test_control_characters_are_escaped_on_a_terminal(output: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control characters of a value never reach a terminal, in any format."""
    on_terminal(monkeypatch, 200)
    monkeypatch.setenv("NO_COLOR", "1")

    shown = ax("hostile", "-o", output).stdout

    assert [character for character in shown if not character.isprintable() and character != "\n"] == []
    assert "1b[31m" in shown


@pytest.mark.parametrize("name", ["hostile", "hostile-one"])
def test_tables_escape_everywhere(name: str) -> None:
    """Tables escape control characters without a terminal, too."""
    shown = ax(name).stdout

    assert [character for character in shown if not character.isprintable() and character != "\n"] == []
    assert r"a\x1b[31mb\x07c" in shown


def test_one_object_as_fields() -> None:
    """All fields with their values, nested ones indented below their names; null is a dash, an empty text is shown."""
    assert (
        ax("monitor").stdout
        == """\
id                  VGFzazoxOmFiYw==
name                Relevance Monitor
type                template_evaluation
project_id          UHJvamVjdDox
dataset_id          -
is_continuous       true
query_filter        -
sampling_rate       0.1
evaluators
  - evaluator_id    RXY6MTphYg==
    evaluator_name  Hallucination Eval
    query_filter    -
    column_mappings
      input      attributes.input.value
      gen.model  attributes.model
  - evaluator_id     RXY6MjphYg==
    evaluator_name   Bias
    query_filter     a = 1
    column_mappings  -
experiment_ids      -
last_run_at         2026-03-10 14:59:58Z
created_at          2026-03-10 15:00:00Z
updated_at          2026-03-10 15:00:00Z
created_by_user_id  -
"""
    )
    assert set(MONITOR) < set(ax("monitor").stdout.split())


def test_one_object_with_texts_of_several_lines() -> None:
    """Text keeps its lines, each below the one before; lists of simple values stand in one line."""
    shown = ax("experiment", "--columns", "name,experiment_ids,run_configuration,from_a_later_server").stdout

    assert (
        shown
        == """\
name                 Zürich, "日本語" 🙂
experiment_ids       RXhwOjE=, RXhwOjI=
run_configuration
  experiment_type        llm_generation
  messages
    - role     system
      content  Be brief.
               Be kind.
    - role     user
      content  {{input}}
  invocation_parameters  -
from_a_later_server  1, 2.5, -
"""
    )
    assert EXPERIMENT["name"] in shown


@pytest.mark.parametrize("output", ["csv", "jsonl", "table"])
def test_one_object_in_formats_of_rows(output: str) -> None:
    """One object is one row."""
    finished = ax("monitor", "-o", output, "--columns", "id,is_continuous")

    assert (
        finished.stdout
        == {
            "csv": "id,is_continuous\nVGFzazoxOmFiYw==,true\n",
            "jsonl": '{"id":"VGFzazoxOmFiYw==","is_continuous":true}\n',
            "table": "id             VGFzazoxOmFiYw==\nis_continuous  true\n",
        }[output]
    )


@pytest.mark.parametrize("output", ["json", "jsonl", "csv", "text"])
@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999"])
def test_numbers_that_json_has_no_word_for_are_null(output: str, number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python servers may send NaN and infinities, and Python reads them."""
    task = axtasks.Task.from_dict(json.loads(json.dumps(MONITOR | {"deep": [{"a": 7.5}]}).replace("7.5", number)))
    monkeypatch.setitem(RESULTS, "monitor", one(task, "task"))

    shown = ax("monitor", "-o", output, *(["--query", "deep"] if output in {"json", "text"} else []))

    assert [json.loads(text)["deep"] for text in (task.to_json(), task.to_json(indent=1))] == [[{"a": None}]] * 2
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert not {"NaN", "Infinity", "inf"} & set(re.findall("[A-Za-z]+", shown.stdout))

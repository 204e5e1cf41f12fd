"""Tests of the output options: accepted values, and refusals before the command starts."""

from __future__ import annotations

import json
import subprocess
import sys

import axtasks
import click
import pytest
from axtasks.cli.output.columns import pick
from axtasks.contract.dialect import is_newer
from axtasks.extras import install_command
from click.shell_completion import ShellComplete

from tests.cli.output_support import EXPERIMENT, MONITOR, TASKS, ax, main, on_terminal, without

pytestmark = pytest.mark.usefixtures("environment")
IDS = "VGFzazoxOmFiYw==\nVGFzazoyOmFiYw==\n"


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        pytest.param(
            ["-o", "xml"], 2, "neither a format (table, text, json, jsonl, csv, parquet) nor a file", id="format"
        ),
        pytest.param(["-o", "out.txt"], 2, ".json, .jsonl, .csv, .parquet, .pq", id="ending"),
        pytest.param(["-o", ""], 2, "neither a format", id="nothing"),
        pytest.param(["-o", "JSON"], 2, "neither a format", id="upper case"),
        pytest.param(["-o", "nowhere/out.json"], 5, "there is no folder", id="folder"),
        pytest.param(["-o", "json", "--columns", "id"], 2, "--query picks fields", id="columns of json"),
        pytest.param(["--columns", "id", "-o", "out.json"], 2, "--query picks fields", id="columns of a json file"),
        pytest.param(["--columns", ""], 2, "such as id,name", id="no columns"),
        pytest.param(["--columns", "id,,name"], 2, "such as id,name", id="an empty column"),
        pytest.param(["--columns", "id, id"], 2, "'id' is there twice", id="a column twice"),
        pytest.param(["--columns", "nmae"], 2, "Did you mean 'name'?", id="unknown column"),
        pytest.param(
            ["--columns", "id,evaluator.evaluator_id"], 2, "there is no 'evaluator.evaluator_id'", id="unknown dotted"
        ),
        pytest.param(["--query", "tasks[?"], 2, "'tasks[?' is not JMESPath", id="query"),
        pytest.param(["--query", ""], 2, "is not JMESPath", id="empty query"),
        pytest.param(["--query", "a[].upper(name)"], 2, "a function there is not: upper()", id="unknown function"),
    ],
)
def test_wrong_options_are_refused_before_the_command_starts(options: list[str], code: int, said: str) -> None:
    """Wrong options end the command before it changes anything, with a helpful message."""
    finished = ax("change", *options)

    assert (finished.exit_code, finished.stdout) == (code, "")
    assert said in finished.stderr
    assert "changed" not in finished.stderr
    assert "Traceback" not in finished.stderr


def test_known_columns_are_named() -> None:
    """The error for an unknown column lists those of the contract, also for commands that only read."""
    finished = ax("tasks", "--columns", "colour")

    assert finished.exit_code == 2
    fields = [field.json_name for field in axtasks.Task.fields() if not is_newer("Task", field.json_name)]
    assert f"there is no 'colour'; there are: {', '.join([*fields, 'from_a_later_server'])}." in finished.stderr


def test_columns_that_the_contract_does_not_know() -> None:
    """Fields of later server versions can be chosen as well."""
    assert ax("tasks", "-o", "csv", "--columns", "from_a_later_server").stdout == (
        'from_a_later_server\n""\n"[1,2.5,null]"\n'
    )


def test_fields_the_contract_knows_may_be_absent() -> None:
    """A known field that no row has is not an error."""
    assert ax("monitor", "-o", "csv", "--columns", "run_configuration,id").stdout == (
        "run_configuration,id\n,VGFzazoxOmFiYw==\n"
    )


@pytest.mark.parametrize(
    ("row", "path", "value"),
    [
        pytest.param(MONITOR, "name", "Relevance Monitor", id="field"),
        pytest.param(MONITOR, "evaluators.evaluator_name", ["Hallucination Eval", "Bias"], id="of every item"),
        pytest.param(MONITOR, "evaluators.1.evaluator_name", "Bias", id="of one item"),
        pytest.param(MONITOR, "evaluators.2.evaluator_name", None, id="of no item"),
        pytest.param(MONITOR, "evaluators.0.column_mappings.gen.model", "attributes.model", id="name with a dot"),
        pytest.param({"a.b": {"c.d": 1}}, "a.b.c.d", 1, id="names with dots"),
        pytest.param(EXPERIMENT, "run_configuration.experiment_type", "llm_generation", id="nested"),
        pytest.param(EXPERIMENT, "run_configuration.messages.role", ["system", "user"], id="nested twice"),
        pytest.param(EXPERIMENT, "experiment_ids.0", "RXhwOjE=", id="item"),
        pytest.param(EXPERIMENT, "experiment_ids.name", [None, None], id="below a text"),
        pytest.param(MONITOR, "run_configuration.model_name", None, id="below nothing"),
        pytest.param(MONITOR, "dataset_id.name", None, id="below null"),
    ],
)
def test_dotted_paths(row: dict[str, object], path: str, value: object) -> None:
    """A path leads to nested values, through lists by index or over all items."""
    assert pick(row, path) == value


def test_dotted_columns_in_rows() -> None:
    """Columns are named as they were requested."""
    shown = ax("tasks", "-o", "jsonl", "--columns", "id,evaluators.evaluator_name").stdout

    assert [json.loads(line) for line in shown.splitlines()] == [
        {"id": MONITOR["id"], "evaluators.evaluator_name": ["Hallucination Eval", "Bias"]},
        {"id": EXPERIMENT["id"], "evaluators.evaluator_name": []},
    ]


@pytest.mark.parametrize(
    ("quiet", "said"), [([], "Nothing has a value for 'evaluators.nmae'.\n"), (["-q"], "")], ids=["aloud", "quiet"]
)
def test_nested_fields_nobody_has(quiet: list[str], said: str) -> None:
    """A nested field may be misspelt or absent: it is empty, with a notice."""
    finished = ax("monitor", "-o", "csv", "--columns", "id,evaluators.nmae,run_configuration", *quiet)

    assert (finished.exit_code, finished.stdout.splitlines()[1]) == (0, 'VGFzazoxOmFiYw==,"[null,null]",')
    assert finished.stderr == said


@pytest.mark.parametrize(
    ("options", "stdout"),
    [
        pytest.param(["--query", "tasks[0].name"], '"Relevance Monitor"\n', id="json by default"),
        pytest.param(["--query", "length(tasks)", "-o", "json"], "2\n", id="a number"),
        pytest.param(["--query", "pagination.next_cursor"], "null\n", id="nothing"),
        pytest.param(["--query", "tasks[1:2].is_continuous"], "[\n  false\n]\n", id="a slice"),
        pytest.param(
            ["--query", "tasks[].id", "-o", "jsonl"], '"VGFzazoxOmFiYw=="\n"VGFzazoyOmFiYw=="\n', id="lines of scalars"
        ),
        pytest.param(
            ["--query", "tasks[].{n: type}", "-o", "jsonl"],
            '{"n":"template_evaluation"}\n{"n":"run_experiment"}\n',
            id="lines",
        ),
        pytest.param(["--query", "length(tasks)", "-o", "jsonl"], '{"value":2}\n', id="a line"),
        pytest.param(["--query", "tasks[].sampling_rate", "-o", "csv"], "value\n0.1\n", id="csv of scalars"),
        pytest.param(
            ["--query", "tasks[].{a: id, b: is_continuous}", "-o", "csv"],
            "a,b\nVGFzazoxOmFiYw==,true\nVGFzazoyOmFiYw==,false\n",
            id="csv",
        ),
        pytest.param(
            ["--query", "tasks[].{a: type, b: id}", "--columns", "a"],
            "a\ntemplate_evaluation\nrun_experiment\n",
            id="columns of what is found",
        ),
        pytest.param(
            ["--query", "tasks[].type", "-o", "table"],
            "value\ntemplate_evaluation\nrun_experiment\n",
            id="table of scalars",
        ),
        pytest.param(
            ["--query", "tasks[0].{a: type, bc: id}", "-o", "table"],
            "a   template_evaluation\nbc  VGFzazoxOmFiYw==\n",
            id="one object",
        ),
        pytest.param(["--query", "tasks[?name=='x']", "-o", "csv"], "", id="csv of nothing"),
    ],
)
def test_queries(options: list[str], stdout: str) -> None:
    """A query selects from the response; row formats show its result as rows."""
    finished = ax("tasks", *options)

    assert (finished.exit_code, finished.stdout) == (0, stdout)


TWO_LINES = "template_evaluation\ttrue\nrun_experiment\tfalse\n"
NESTED = 'Hallucination Eval\t{"input":"attributes.input.value","gen.model":"attributes.model"}\nBias\t\n'


@pytest.mark.parametrize(
    ("name", "options", "stdout"),
    [
        pytest.param("run", ["--query", "status"], "failed\n", id="a text"),
        pytest.param("monitor", ["--query", "sampling_rate"], "0.1\n", id="a number"),
        pytest.param("monitor", ["--query", "is_continuous"], "true\n", id="a truth value"),
        pytest.param("monitor", ["--query", "query_filter"], "\n", id="a null"),
        pytest.param("tasks", ["--query", "tasks[].type"], "template_evaluation\nrun_experiment\n", id="texts"),
        pytest.param("tasks", ["--query", "tasks[].[type, is_continuous]"], TWO_LINES, id="lists"),
        pytest.param("tasks", ["--query", "tasks[].{a: type, b: is_continuous}"], TWO_LINES, id="objects"),
        pytest.param("tasks", ["--columns", "type,is_continuous"], TWO_LINES, id="columns"),
        pytest.param("run", ["--query", "[status, num_errors]"], "failed\n0\n", id="a list"),
        pytest.param("run", ["--query", "{a: status, b: num_errors}"], "failed\t0\n", id="an object"),
        pytest.param("monitor", ["--query", "evaluators[].[evaluator_name, column_mappings]"], NESTED, id="nested"),
        pytest.param(
            "experiment", ["--query", "run_configuration.messages[0].content"], "Be brief.\nBe kind.\n", id="lines"
        ),
        pytest.param(
            "experiment",
            ["--query", "run_configuration.messages[].content"],
            "Be brief.\\nBe kind.\n{{input}}\n",
            id="lines in lines",
        ),
        pytest.param("none", [], "", id="no rows"),
        pytest.param("none", ["--query", "tasks"], "", id="nothing found"),
    ],
)
def test_text_is_bare(name: str, options: list[str], stdout: str) -> None:
    """A shell can compare the text directly."""
    finished = ax(name, "-o", "text", *options)

    assert (finished.exit_code, finished.stdout) == (0, stdout)


def test_text_without_a_query_has_the_columns_of_the_table() -> None:
    assert ax("run", "-o", "text").stdout.split("\t")[:3] == ["VGFza1J1bjo5OTk6YUJjRA==", "failed", "10"]


@pytest.mark.parametrize(
    ("name", "query", "said"),
    [
        ("tasks", "[].name", "{tasks: [{id, name, type,"),
        ("tasks", "[].name", ", as in 'tasks[].name'"),
        ("tasks", "@[0].name", ", as in 'tasks[0].name'"),
        ("tasks", "[?name=='a'] | [0]", "pagination}, as in 'tasks[?name=='a'] | [0]'"),
        ("tasks", "name", "{tasks: [{id, name,"),
        ("none", "items[].name", "{tasks, pagination}"),
        ("monitor", "nmae", "{id, name, type,"),
    ],
)
@pytest.mark.parametrize("format_", [[], ["-o", "text"], ["-o", "csv"]], ids=["json", "text", "csv"])
def test_a_query_that_does_not_fit_the_document_is_told_its_form(
    name: str, query: str, said: str, format_: list[str]
) -> None:
    finished = ax(name, "--query", query, *format_)

    assert (finished.exit_code, finished.stdout) == (1, "")
    assert f"Error: the query {query!r} finds nothing in a document of this form" in finished.stderr
    assert said in finished.stderr


@pytest.mark.parametrize(
    ("name", "query"),
    [("monitor", "query_filter"), ("run", "failure_reason"), ("none", "tasks[0].name"), ("more", "a || `1`")],
)
def test_a_query_that_fits_may_find_nothing(name: str, query: str) -> None:
    assert ax(name, "--query", query).exit_code == 0


def test_a_query_that_finds_nothing_says_so() -> None:
    assert ax("tasks", "--query", "tasks[?name=='x']", "-o", "table").stderr == "The query found nothing.\n"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param(
            ["--query", "tasks[].[id, name]", "-o", "csv"], "'tasks[].{id: id, name: name}'", id="lists in a list"
        ),
        pytest.param(["--query", "[tasks[0], `1`]", "-o", "table"], "do not fit into rows", id="a mixture"),
        pytest.param(
            ["--query", "length(tasks[0].is_continuous)"],
            "the query 'length(tasks[0].is_continuous)' failed",
            id="types",
        ),
    ],
)
def test_queries_that_do_not_fit_the_answer(options: list[str], said: str) -> None:
    """A query that fails on the response is an output error, since the command was carried out."""
    finished = ax("tasks", *options)

    assert (finished.exit_code, finished.stdout) == (5, "")
    assert said in finished.stderr


def test_an_unknown_column_of_what_a_query_finds() -> None:
    """The result of a query has its own columns."""
    finished = ax("tasks", "--query", "tasks[].{a: id}", "--columns", "id")

    assert finished.exit_code == 2
    assert "there is no 'id'; there are: a." in finished.stderr


def test_queries_without_jmespath(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error comes before the command starts, and names the package to install."""
    without(monkeypatch, "jmespath")

    finished = ax("change", "--query", "name")

    assert finished.exit_code == 2
    assert f"--query needs jmespath: {install_command('cli')}" in finished.stderr
    assert "changed" not in finished.stderr


@pytest.mark.parametrize(
    ("name", "options", "stdout"),
    [
        pytest.param("tasks", [], IDS, id="list"),
        pytest.param("monitor", [], "VGFzazoxOmFiYw==\n", id="one"),
        pytest.param("none", [], "", id="none"),
        pytest.param("tasks", ["--columns", "type"], "type\ntemplate_evaluation\nrun_experiment\n", id="columns"),
        pytest.param(
            "tasks", ["-o", "csv", "--columns", "type"], "type\ntemplate_evaluation\nrun_experiment\n", id="format"
        ),
        pytest.param("tasks", ["--query", "tasks[0].id"], '"VGFzazoxOmFiYw=="\n', id="query"),
        pytest.param("tasks", ["-o", "out.csv"], "", id="file"),
    ],
)
def test_quiet(name: str, options: list[str], stdout: str) -> None:
    """Only ids are printed, one per line, unless a format was requested; notices are silent."""
    finished = ax(name, "--quiet", *options)

    assert (finished.exit_code, finished.stdout, finished.stderr) == (0, stdout, "")


def test_quiet_where_a_list_goes_on() -> None:
    """A partial list is reported all the same."""
    finished = ax("more", "--quiet")

    assert (finished.exit_code, finished.stdout) == (0, IDS)
    assert finished.stderr == "There are more tasks: go on with --cursor 'the cursor', or use --all.\n"


def test_quiet_on_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids are complete at any width."""
    on_terminal(monkeypatch, 5)

    assert ax("tasks", "-q").stdout == IDS


@pytest.mark.parametrize("output", ["table", "text", "json", "jsonl", "csv", "out.csv"])
def test_a_partial_list_names_the_next_cursor(output: str) -> None:
    """Standard error has the cursor, ready to be pasted, with any format."""
    finished = ax("more", "-o", output)

    assert finished.stderr.endswith("There are more tasks: go on with --cursor 'the cursor', or use --all.\n")
    assert "--cursor" not in finished.stdout


@pytest.mark.parametrize(
    ("incomplete", "offered"),
    [("", ["table", "text", "json", "jsonl", "csv", "parquet"]), ("js", ["json", "jsonl"]), ("my/fi", ["my/fi"])],
)
def test_completion(incomplete: str, offered: list[str]) -> None:
    """The shell is offered formats, then files."""
    complete = ShellComplete(main(), {}, "ax", "_AX_COMPLETE")

    found = complete.get_completions(["tasks", "--output"], incomplete)

    assert [item.value for item in found] == offered
    assert {item.type for item in found} == {"file" if "/" in incomplete else "plain"}


def test_completion_after_wrong_options() -> None:
    """Options that will be refused do not stop completion."""
    complete = ShellComplete(main(), {}, "ax", "_AX_COMPLETE")

    assert [item.value for item in complete.get_completions(["tasks", "-o", "xml"], "--colu")] == ["--columns"]


def test_help_explains_the_options() -> None:
    text = " ".join(ax("tasks", "--help").stdout.split())

    for part in (
        "table, text, json, jsonl, csv, parquet",
        ".json .jsonl .csv .parquet .pq",
        "JMESPATH",
        "ids alone, one per line",
    ):
        assert part in text


@pytest.mark.programs
def test_nothing_heavy_is_imported_to_define_options() -> None:
    """Extras are imported on use, not by the module."""
    code = "import axtasks.cli.options, axtasks.cli.output.show, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()

    assert {"jmespath", "pyarrow", "httpx", "attrs", "axtasks_api"}.isdisjoint(loaded)


def test_the_rows_are_left_as_they_were() -> None:
    """Formatting does not change the rows."""
    before = json.dumps(TASKS)
    for output in ("table", "text", "json", "jsonl", "csv"):
        ax("tasks", "-o", output)

    assert json.dumps(TASKS) == before
    assert isinstance(main(), click.Group)

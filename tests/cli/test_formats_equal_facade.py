"""Tests that commands write, in every format, the results of the library."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest
from axtasks import AxClient
from axtasks.cli import main
from axtasks.mock import default_world as known
from click.testing import CliRunner
from pyarrow import BufferReader, parquet

from tests import planted
from tests.cli.support import RUN_CONFIGURATION
from tests.cli.tasks_support import Journal, Servers, arguments_of, in_a_process, servers
from tests.dialects import DOCUMENTS, spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from axtasks.mock import MockServer
    from axtasks.mock.world.model import Task

    from tests.cli.support import Ax

# Names and filters that files and terminals could trip over.
STRANGE = 'Zürich, "日本語" 🙂;\tit\'s\r\nthe second line '


@dataclass(frozen=True)
class Case:
    """A command, and the library's way to the same data.

    Attributes:
        line: the command, without --output.
        fetch: the same by the library: the JSON objects of all pages.
        items: the key of a page's items; empty for a single object.
        model: the public model of an item.
    """

    line: str
    fetch: Callable[[AxClient], list[dict[str, Any]]]
    items: str
    model: str


def pages_of(page: Any) -> list[dict[str, Any]]:
    """Return the JSON objects of a page and all later ones."""
    return [each.to_dict() for each in page.pages()]


CASES = {
    "tasks": Case("list", lambda ax: [ax.tasks.list(limit=15).to_dict()], "tasks", "Task"),
    "tasks of a space": Case(
        "list --space demo", lambda ax: [ax.tasks.list(space="demo", limit=15).to_dict()], "tasks", "Task"
    ),
    "all tasks of a full space": Case(
        "list --space archive --all", lambda ax: pages_of(ax.tasks.list(space="archive", limit=100)), "tasks", "Task"
    ),
    "no tasks": Case("list --name nobody", lambda ax: [ax.tasks.list(name="nobody").to_dict()], "tasks", "Task"),
    "runs": Case(
        "list-runs $CHAT_QUALITY_EU",
        lambda ax: [ax.tasks.list_runs(known.CHAT_QUALITY_EU).to_dict()],
        "task_runs",
        "TaskRun",
    ),
    "runs of an experiment": Case(
        "list-runs $NIGHTLY_SUMMARIES --status completed",
        lambda ax: [ax.tasks.list_runs(known.NIGHTLY_SUMMARIES, status="completed").to_dict()],
        "task_runs",
        "TaskRun",
    ),
    "a task": Case("get $CHAT_QUALITY", lambda ax: [ax.tasks.get(known.CHAT_QUALITY).to_dict()], "", "Task"),
    "a run": Case(
        "get-run $CHAT_QUALITY_RUN", lambda ax: [ax.tasks.get_run(known.CHAT_QUALITY_RUN).to_dict()], "", "TaskRun"
    ),
}


def difficult() -> Journal:
    """Return a mock whose world has difficult names."""
    mock = Journal()
    chat = mock.task(known.CHAT_QUALITY)
    mock.world.rename_task(chat, STRANGE)
    chat.query_filter = STRANGE
    chat.evaluators = (*chat.evaluators, replace(chat.evaluators[0], query_filter="", column_mappings=None))
    experiment: Task = mock.task(known.NIGHTLY_SUMMARIES)
    experiment.run_configuration = {**json.loads(RUN_CONFIGURATION), "invocation_parameters": {"temperature": 0.25}}
    return mock


@pytest.fixture(scope="module")
def shared() -> Iterator[Servers]:
    """Yield one shared server, since no test here changes anything."""
    with servers(difficult) as shared:
        yield shared


@pytest.fixture
def server(shared: Servers, dialect: str) -> MockServer:
    return shared.of(dialect)


@pytest.fixture
def client(server: MockServer) -> Iterator[AxClient]:
    """Yield a client of the same server."""
    with AxClient(api_key=planted.COMMAND_LINE, base_url=server.url) as client:
        yield client


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


@pytest.fixture
def fetched(case: Case, client: AxClient) -> list[dict[str, Any]]:
    """Return the pages, or the one object, as the library returns them."""
    return case.fetch(client)


@pytest.fixture
def rows(case: Case, fetched: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the items as the library returns them."""
    return list(chain.from_iterable(page[case.items] for page in fetched)) if case.items else fetched


def put_out(ax: Ax, case: Case, kind: str, *, to_file: bool) -> bytes:
    """Return a command's output in a format, from a file or standard output."""
    target = f"out.{kind}" if to_file else kind
    # Not with `Ax`, which reads standard output as text; parquet is none.
    finished = CliRunner().invoke(main, ["tasks", *arguments_of(case.line), "-o", target])
    assert finished.exit_code == 0, finished.stderr
    assert not (to_file and finished.stdout_bytes)
    return (ax.folder / target).read_bytes() if to_file else finished.stdout_bytes


@pytest.mark.parametrize("to_file", [False, True], ids=["standard output", "a file"])
class TestFormats:
    def test_json(self, ax: Ax, case: Case, fetched: list[dict[str, Any]], *, to_file: bool) -> None:
        """The output is the response; of several pages, the last with the items of all."""
        expected = fetched[-1]
        if case.items:
            expected = {**expected, case.items: [item for page in fetched for item in page[case.items]]}

        written = json.loads(put_out(ax, case, "json", to_file=to_file))

        assert written == expected
        assert list(written) == list(expected)

    def test_json_lines(self, ax: Ax, case: Case, rows: list[dict[str, Any]], *, to_file: bool) -> None:
        lines = put_out(ax, case, "jsonl", to_file=to_file).decode().split("\n")

        assert lines.pop() == ""
        assert [json.loads(line) for line in lines] == rows

    def test_csv(self, ax: Ax, case: Case, rows: list[dict[str, Any]], *, to_file: bool) -> None:
        """Null is empty, text is unchanged, everything else is JSON; the columns are those of the contract."""
        text = put_out(ax, case, "csv", to_file=to_file).decode()

        assert next(csv.reader(io.StringIO(text))) == fields_of(case.model)
        written = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))

        assert len(written) == len(rows)
        for line, row in zip(written, rows, strict=True):
            assert set(row) <= set(line)
            assert {name: from_cell(cell, row.get(name)) for name, cell in line.items()} == {
                name: row.get(name) for name in line
            }

    def test_parquet(self, ax: Ax, case: Case, rows: list[dict[str, Any]], *, to_file: bool) -> None:
        """Times are timestamps, numbers and booleans are unchanged, nested values are JSON."""
        kind = "pq" if to_file else "parquet"
        table = parquet.read_table(BufferReader(put_out(ax, case, kind, to_file=to_file)))

        assert table.column_names == fields_of(case.model)
        assert table.to_pylist() == [
            {name: as_parquet(name, row.get(name)) for name in table.column_names} for row in rows
        ]


def fields_of(model: str) -> list[str]:
    """Return the names of a model's fields, in the order of the contract."""
    import axtasks
    from axtasks.contract.dialect import is_newer

    fields = [field.json_name for field in getattr(axtasks, model).fields()]
    return [name for name in fields if spoken.contract != DOCUMENTS or not is_newer(model, name)]


def from_cell(cell: str, original: object) -> object:
    """Return a cell's value, given its expected type."""
    if original is None:
        return cell or None
    return cell if isinstance(original, str) else json.loads(cell)


def as_parquet(name: str, value: object) -> object:
    """Return a value as it is read back from a Parquet file."""
    if isinstance(value, str) and name.endswith(("_at", "_time")):
        return datetime.fromisoformat(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return value


def test_the_world_is_difficult_enough(client: AxClient) -> None:
    """The compared rows have text that needs quoting, nested values, numbers of both kinds, and nulls."""
    rows = [task.to_dict() for task in client.tasks.list(space="demo")]

    assert any(row["name"] == STRANGE == row["query_filter"] for row in rows)
    assert {type(row["sampling_rate"]) for row in rows} == {int, float, type(None)}
    assert any(len(row["evaluators"]) > 1 for row in rows)


@pytest.mark.programs
@pytest.mark.usefixtures("ax")
def test_a_pipe_into_a_json_tool(client: AxClient) -> None:
    """Run `ax tasks list -o json | python -m json.tool`, each as a program of its own."""
    listed = in_a_process("tasks", "list", "-o", "json")
    tool = [sys.executable, "-m", "json.tool"]

    read = subprocess.run(tool, input=listed.stdout, capture_output=True, encoding="utf-8", check=True)

    assert json.loads(read.stdout) == client.tasks.list(limit=15).to_dict()

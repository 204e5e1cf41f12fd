"""Tests of tables of lists: aligned everywhere, fitted and coloured on a terminal."""

from __future__ import annotations

import re

import pytest
from axtasks.cli import iostreams
from axtasks.cli.output.columns import Column
from axtasks.cli.output.table import cut, fit, plain, table_of, text_width

from tests.cli.output_support import STATUSES, ax, on_terminal

pytestmark = pytest.mark.usefixtures("environment")
SEQUENCE = re.compile(r"\x1b\[[\d;]*m")


def test_a_table_without_a_terminal() -> None:
    """Values are complete, aligned by blanks, without colour; numbers are right-aligned."""
    finished = ax("runs", "--columns", "id,status,num_successes,run_finished_at")

    assert (
        finished.stdout
        == """\
id                        status     num_successes  run_finished_at
VGFza1J1bjo5OTk6YUJjRA==  pending               10  -
VGFza1J1bjo5OTk6YUJjRA==  running               10  -
VGFza1J1bjo5OTk6YUJjRA==  completed             10  -
VGFza1J1bjo5OTk6YUJjRA==  failed                10  -
VGFza1J1bjo5OTk6YUJjRA==  cancelled             10  -
VGFza1J1bjo5OTk6YUJjRA==  paused                10  -
"""
    )
    assert finished.stderr == ""


def test_columns_are_chosen_for_people() -> None:
    """The columns are those that distinguish tasks; wide characters count as two."""
    assert (
        ax("tasks").stdout
        == """\
NAME                 TYPE                 EVALUATORS                CONTINUOUS  LAST RUN              ID
Relevance Monitor    template_evaluation  Hallucination Eval, Bias  true        2026-03-10 14:59:58Z  VGFzazoxOmFiYw==
Zürich, "日本語" 🙂  run_experiment       -                         false       -                     VGFzazoyOmFiYw==
"""
    )


def test_rows_of_an_unknown_noun_show_their_fields() -> None:
    assert ax("nameless").stdout == "id  value\nX       1\n"


@pytest.mark.parametrize("name", ["tasks", "runs", "hostile"])
def test_tables_fit_the_terminal(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All lines fit the terminal: a heading, and one line for each row."""
    for width in (10, 20, 40, 60, 80, 100, 120, 160, 240):
        on_terminal(monkeypatch, width)
        lines = SEQUENCE.sub("", ax(name).stdout).splitlines()

        assert max(text_width(line) for line in lines) <= width, width
        assert len(lines) == {"tasks": 3, "runs": 7, "hostile": 2}[name], width


def test_ids_are_whole_and_what_matters_less_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shortened values are marked, and the columns that were left out are named."""
    on_terminal(monkeypatch, 60)

    finished = ax("tasks")

    lines = SEQUENCE.sub("", finished.stdout).splitlines()
    assert lines[0].split() == ["NAME", "TYPE", "ID"]
    assert lines[-1].endswith("VGFzazoyOmFiYw==")
    assert finished.stderr == "No room for EVALUATORS, CONTINUOUS, LAST RUN; --columns chooses what is shown.\n"


def test_names_are_cut_before_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    on_terminal(monkeypatch, 26)

    lines = SEQUENCE.sub("", ax("tasks").stdout).splitlines()

    assert lines[-1].endswith("VGFzazoyOmFiYw==")
    assert all("…" in line.split("  ")[0] for line in lines[1:])


def test_chosen_columns_all_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requested columns are narrowed, never left out, and their headings with them."""
    on_terminal(monkeypatch, 40)

    finished = ax("tasks", "--columns", "id,name,evaluators.evaluator_name")

    heading = SEQUENCE.sub("", finished.stdout).splitlines()[0]
    assert re.fullmatch(r"id +name +eva\S*…", heading)
    assert finished.stderr == ""


def test_quiet_does_not_tell_of_missing_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    on_terminal(monkeypatch, 40)

    assert ax("tasks", "-q", "-o", "table").stderr == ""


COLOURED = {"pending": "33", "running": "36", "completed": "32", "failed": "31", "cancelled": "35"}


def test_the_status_is_coloured_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each status has its colour; an unknown one has none."""
    on_terminal(monkeypatch, 100)

    shown = ax("runs").stdout

    assert {status for status in STATUSES if re.search(rf"\x1b\[{COLOURED.get(status)}m{status}", shown)} == set(
        COLOURED
    )


def test_the_status_of_one_object_is_coloured(monkeypatch: pytest.MonkeyPatch) -> None:
    on_terminal(monkeypatch)

    assert "\x1b[31mfailed\x1b[0m" in ax("run").stdout


@pytest.mark.parametrize(
    ("variable", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")], ids=["NO_COLOR", "a terminal that cannot"]
)
@pytest.mark.parametrize("name", ["runs", "run"])
def test_no_colour(name: str, variable: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each way to turn colour off removes all escape sequences."""
    on_terminal(monkeypatch)
    monkeypatch.setenv(variable, value)

    assert "\x1b" not in ax(name).stdout


@pytest.mark.parametrize("name", ["runs", "run", "tasks"])
def test_no_colour_without_a_terminal(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that asks for colour does not count: the output may go to a file."""
    monkeypatch.setenv("FORCE_COLOR", "1")

    assert "\x1b" not in ax(name).stdout


def test_an_empty_no_color_means_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    on_terminal(monkeypatch)
    monkeypatch.setenv("NO_COLOR", "")

    assert iostreams.wants_colour()


@pytest.mark.parametrize(
    ("text", "width"),
    [
        pytest.param("plain", 5, id="ascii"),
        pytest.param("Zürich", 6, id="letters"),
        pytest.param("Zu\u0308rich", 6, id="combining"),
        pytest.param("日本", 4, id="wide"),
        pytest.param("ﾊﾛ", 2, id="half width"),
        pytest.param("🙂", 2, id="emoji"),
        pytest.param("a\u200bb", 2, id="zero width"),
    ],
)
def test_the_width_of_text_is_counted_in_terminal_columns(text: str, width: int) -> None:
    """Width is counted in terminal columns, not in characters."""
    assert text_width(text) == width


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [
        pytest.param("short", 5, "short", id="fits"),
        pytest.param("longer", 5, "long…", id="cut"),
        pytest.param("日本語", 5, "日本…", id="wide"),
        pytest.param("日本語", 4, "日…", id="no half characters"),
        pytest.param("longer", 1, "…", id="hardly any room"),
    ],
)
def test_cutting(text: str, room: int, expected: str) -> None:
    """Long text ends in an ellipsis, and fits."""
    assert cut(text, room) == expected


@pytest.mark.parametrize(
    ("room", "shown"),
    [
        pytest.param(60, ["a b c", "xxxxxxxxxxxxxxxxxxxxxxxx  yyyy  zzzzzzzzzzzzzzzzzzzz"], id="all fits"),
        pytest.param(45, ["a b c", "xxxxxxxxxxxxxxxx…  yyyy  zzzzzzzzzzzzzzzzzzzz"], id="long texts are shortened"),
        pytest.param(43, ["a c", "xxxxxxxxxxxxxxxxxxxx…  zzzzzzzzzzzzzzzzzzzz"], id="then columns go"),
        pytest.param(20, ["a c", "xxxxxxxx…  zzzzzzzz…"], id="then all is shortened"),
    ],
)
def test_fitting(room: int, shown: list[str]) -> None:
    """Columns shrink in three steps, no more than needed."""
    row = {"a": "x" * 24, "b": "yyyy", "c_id": "z" * 20}
    table = table_of([row], [Column("a", "a"), Column("b", "b", rank=1), Column("c_id", "c")])

    text = plain(fit(table, room, may_drop=True), colourful=False)

    heading, line = text.splitlines()
    assert [" ".join(heading.split()), line] == shown

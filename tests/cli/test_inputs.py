"""Tests of option values: JSON in four forms, lists, times, enum values, evaluators by name."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import click
import pytest
from axtasks.cli.param_types import EnumChoice, EvaluatorType, ListType, NumberRange, TimeType
from axtasks.cli.prompts import has_terminal
from axtasks.mock import MockServer
from axtasks.mock import default_world as known

from tests.cli.support import NEW_TASK, RUN_CONFIGURATION, Ax
from tests.cli.tasks_support import (
    Journal,
    Servers,
    arguments_of,
    assert_usage_error,
    in_a_process,
    journal_of,
    servers,
    tasks,
)
from tests.pairing import in_turn

if TYPE_CHECKING:
    from collections.abc import Iterator

# Whole, so that it is sent as it is given.
CONFIGURATION = json.dumps(json.loads(RUN_CONFIGURATION) | {"input_variable_format": "mustache"})
# Each option that takes JSON: the command without its value, what to give it, and where that goes in the request.
JSON_OPTIONS = {
    "create --evaluators": (
        f"create -n '{NEW_TASK}' --task-type template_evaluation --project $CHAT_PROD --evaluators",
        json.dumps([{"evaluator_id": known.HALLUCINATION}]),
        "evaluators",
    ),
    "create-evaluation --evaluators": (
        f"create-evaluation -n '{NEW_TASK}' --task-type template_evaluation --project $CHAT_PROD --evaluators",
        json.dumps([{"evaluator_id": known.HALLUCINATION}]),
        "evaluators",
    ),
    "update --evaluators": (
        "update $CHAT_QUALITY --evaluators",
        json.dumps([{"evaluator_id": known.RELEVANCE}]),
        "evaluators",
    ),
    "create --run-configuration": (
        f"create -n '{NEW_TASK}' --task-type run_experiment --dataset $GOLDEN_SET --run-configuration",
        CONFIGURATION,
        "run_configuration",
    ),
    "create-run-experiment --run-configuration": (
        f"create-run-experiment -n '{NEW_TASK}' --dataset $GOLDEN_SET --run-configuration",
        CONFIGURATION,
        "run_configuration",
    ),
    "update --run-configuration": (
        "update $NIGHTLY_SUMMARIES --run-configuration",
        CONFIGURATION,
        "run_configuration",
    ),
    "trigger-run --tracing-metadata": (
        "trigger-run $NIGHTLY_SUMMARIES --experiment-name x --tracing-metadata",
        '{"team": "évals"}',
        "tracing_metadata",
    ),
}


@pytest.fixture(scope="module")
def shared() -> Iterator[Servers]:
    """Yield a shared server, which every test gets in its initial state."""
    with servers(Journal) as shared:
        yield shared


@pytest.fixture
def server(shared: Servers, dialect: str) -> MockServer:
    return shared.fresh(dialect)


@pytest.fixture
def mock(server: MockServer) -> Journal:
    return journal_of(server)


# How a value is given, with `TEXT` for the JSON.
FORMS = {
    "inline": "TEXT",
    "@file": "@./value.json",
    "inline after blanks": "\n TEXT",
    "bare path": "value.json",
    "-": "-",
    "home": "@~/value.json",
    "with a mark": "@marked.json",
}
UNREADABLE = {
    "not JSON": ("[1,", "the text is not JSON"),
    "no file": ("@nowhere.json", "'@nowhere.json' is no JSON"),
    "not JSON either": ('{"a": }', "the text is not JSON"),
    "no bare file": ("nowhere.json", "as a file it cannot be read: No such file or directory"),
    "a name twice": ('[{"a": 1, "a": 2}]', "the text has 'a' twice in one object"),
    "a folder": (".", "as a file it cannot be read: Is a directory"),
    "nobody's home": ("@~nosuchuser/x.json", "as a file it cannot be read: Could not"),
    "nothing": ("", "as a file it cannot be read"),
    "a file of something else": ("@text.json", "text.json is not JSON"),
    "a file of no text": ("@binary.json", "as a file it cannot be read"),
    "a file of a number": ("@number.json", "number.json has to be an"),
    "a file of a string": ("@string.json", "not a string"),
    "a file of null": ("@null.json", "not null"),
    "a file of true": ("@true.json", "not true or false"),
}
# Moved on by one the second time, so that each option meets two neighbours of a table.
OPTIONS_TWICE = [*JSON_OPTIONS, *list(JSON_OPTIONS)[1:], next(iter(JSON_OPTIONS))]


class TestJson:
    """Tests of JSON options, which share one parser: each option meets every kind of form, each form some option."""

    @pytest.mark.parametrize(("option", "form"), in_turn(OPTIONS_TWICE, FORMS))
    def test_forms(self, ax: Ax, mock: Journal, option: str, form: str) -> None:
        """Every form sends the same body."""
        command, text, field = JSON_OPTIONS[option]
        (ax.folder / "value.json").write_text(text, encoding="utf-8")
        (ax.folder / "marked.json").write_text(text, encoding="utf-8-sig")
        (Path.home() / "value.json").write_text(text, encoding="utf-8")
        value = FORMS[form].replace("TEXT", text)

        finished = tasks(ax, f"{command} '{value}'", stdin=text if form == "-" else None)

        assert finished.exit_code == 0, finished.stderr
        assert mock.written[-1].body[field] == json.loads(text)

    @pytest.mark.parametrize(("option", "name"), in_turn(OPTIONS_TWICE, UNREADABLE))
    def test_an_unreadable_option_is_named_and_nothing_is_sent(
        self, ax: Ax, mock: Journal, option: str, name: str
    ) -> None:
        """The message names the option, and nothing is sent."""
        (command, _, field), (value, said) = JSON_OPTIONS[option], UNREADABLE[name]
        contents = {"text": b"some text", "binary": b"\xff\xfe\x00", "number": b"12", "string": b'"x"'}
        for file, content in {**contents, "null": b"null", "true": b"true"}.items():
            (ax.folder / f"{file}.json").write_bytes(content)

        finished = tasks(ax, f"{command} '{value}'")

        assert_usage_error(finished, said, f"--{field.replace('_', '-')}")
        assert mock.asked == []

    @pytest.mark.parametrize("option", JSON_OPTIONS)
    def test_the_wrong_kind(self, ax: Ax, mock: Journal, option: str) -> None:
        command, text, field = JSON_OPTIONS[option]
        wanted, other = ("an array", "{}") if text.startswith("[") else ("an object", "[]")

        assert_usage_error(tasks(ax, f"{command} '{other}'"), f"has to be {wanted}", f"--{field.replace('_', '-')}")
        assert mock.asked == []

    @pytest.mark.parametrize("stdin", ["", "nonsense", '"x"'])
    def test_standard_input_that_is_no_json(self, ax: Ax, mock: Journal, stdin: str) -> None:
        command, _, field = JSON_OPTIONS["update --evaluators"]

        assert_usage_error(tasks(ax, f"{command} -", stdin=stdin), "standard input", f"--{field.replace('_', '-')}")
        assert mock.asked == []


@pytest.mark.parametrize(
    "command", ["create -n x --task-type template_evaluation --project $CHAT_PROD", "update $CHAT_QUALITY"]
)
def test_standard_input_is_read_by_one_option_only(ax: Ax, mock: Journal, command: str) -> None:
    finished = tasks(ax, f"{command} --evaluators - --run-configuration -", stdin="[]")

    assert_usage_error(finished, "standard input can be read by one option only")
    assert mock.asked == []


@pytest.mark.programs
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("tasks update $CHAT_QUALITY --evaluators -", "standard input is closed"),
        ("profiles create work --api-key-file -", "standard input is closed"),
        ("profiles create work", "there is no terminal to ask for the key on"),
        ("tasks delete $CHAT_QUALITY", "there is no terminal to ask on"),
    ],
)
@pytest.mark.usefixtures("ax")
def test_a_closed_standard_input(mock: Journal, line: str, said: str) -> None:
    assert_usage_error(in_a_process(*arguments_of(line), redirected="<&-"), said)
    assert mock.asked == []


@pytest.mark.parametrize("has_errors", [True, False])
def test_a_person_is_asked_on_standard_error(has_errors: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard output may be redirected, so the question goes to standard error."""
    terminal = SimpleNamespace(closed=False, isatty=lambda: True)
    monkeypatch.setattr(sys, "stdin", terminal)
    monkeypatch.setattr(sys, "stderr", terminal if has_errors else None)

    assert has_terminal() == has_errors


@pytest.mark.parametrize(
    ("text", "items"),
    [
        pytest.param("a", ["a"], id="one"),
        pytest.param("a,b", ["a", "b"], id="two"),
        pytest.param(" a , b ", ["a", "b"], id="blanks"),
        pytest.param(",a,,b,", ["a", "b"], id="empty items"),
    ],
)
def test_lists(text: str, items: list[str]) -> None:
    assert ListType().convert(text, None, None) == items


@pytest.mark.parametrize(
    ("command", "value"),
    [
        ("trigger-run $NIGHTLY_SUMMARIES --experiment-name x --example-ids", ""),
        ("trigger-run $NIGHTLY_SUMMARIES --experiment-name x --evaluation-task-ids", ","),
        ("trigger-run $GOLDEN_REVIEW --experiment-ids", " , "),
        ("create-evaluation -n x --task-type code_evaluation --dataset x --evaluator y --experiment-ids", ""),
    ],
    ids=["nothing", "a comma", "blanks and a comma", "nothing for a new task"],
)
def test_a_list_of_nothing_does_not_stand_for_all(ax: Ax, mock: Journal, command: str, value: str) -> None:
    finished = tasks(ax, f"{command} '{value}'")

    assert_usage_error(finished, f"{value!r} names nothing; leave the option out if all are meant")
    assert mock.asked == []


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        pytest.param("2026-03-01T10:00:00Z", datetime(2026, 3, 1, 10, tzinfo=UTC), id="UTC"),
        pytest.param("2026-03-01T10:00:00", datetime(2026, 3, 1, 10, tzinfo=UTC), id="without an offset it is UTC"),
        pytest.param("2026-03-01 10:00", datetime(2026, 3, 1, 10, tzinfo=UTC), id="with a blank"),
        pytest.param("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC), id="a day"),
        pytest.param(
            "2026-03-01T10:00:00.250+02:00",
            datetime(2026, 3, 1, 10, 0, 0, 250_000, tzinfo=timezone(timedelta(hours=2))),
            id="with an offset",
        ),
    ],
)
def test_times(text: str, moment: datetime) -> None:
    converted = TimeType().convert(text, None, None)

    assert converted == moment
    assert converted.utcoffset() == moment.utcoffset()


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "2026-03-01T25:00:00Z", "1700000000.5"])
def test_an_invalid_time_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="ISO 8601"):
        TimeType().convert(text, None, None)


@pytest.mark.parametrize(
    ("text", "evaluator"),
    [
        pytest.param("Bias", {"evaluator_id": "Bias"}, id="a name"),
        pytest.param("Bias:a=b", {"evaluator_id": "Bias", "column_mappings": {"a": "b"}}, id="a mapping"),
        pytest.param(
            "Bias:a=b,c=d.e", {"evaluator_id": "Bias", "column_mappings": {"a": "b", "c": "d.e"}}, id="two mappings"
        ),
        pytest.param("Bias: a = b ", {"evaluator_id": "Bias", "column_mappings": {"a": "b"}}, id="blanks"),
        pytest.param("team: Bias", {"evaluator_id": "team: Bias"}, id="a name with a colon"),
        pytest.param(
            "a:b:c=d", {"evaluator_id": "a:b", "column_mappings": {"c": "d"}}, id="a name with a colon and a mapping"
        ),
        pytest.param(
            "Bias:a=x:y=z", {"evaluator_id": "Bias", "column_mappings": {"a": "x:y=z"}}, id="a column with a colon"
        ),
        pytest.param("Bias, v=2", {"evaluator_id": "Bias, v=2"}, id="a name with an equals sign"),
        pytest.param("Bias:", {"evaluator_id": "Bias:"}, id="nothing after the colon"),
        pytest.param(
            f"{known.RELEVANCE}:a=b", {"evaluator_id": known.RELEVANCE, "column_mappings": {"a": "b"}}, id="an id"
        ),
    ],
)
def test_evaluators(text: str, evaluator: dict[str, Any]) -> None:
    assert EvaluatorType().convert(text, None, None) == evaluator


def test_an_evaluator_whose_name_has_a_colon(ax: Ax, mock: Journal) -> None:
    """It is found by its whole name, with mappings and without."""
    evaluator = mock.world.evaluators.get(known.RELEVANCE)
    assert evaluator is not None
    mock.world.evaluators.remove(known.RELEVANCE)
    mock.world.add(
        type(evaluator)(
            **{**fields_of(evaluator), "name": "team: Relevance", "version_ids": ("RXZhbHVhdG9yVmVyc2lvbjo5OTk5OQ==",)}
        )
    )

    plain = tasks(ax, "update $CHAT_QUALITY -s demo --evaluator 'team: Relevance'")
    mapped = tasks(ax, "update $CHAT_QUALITY -s demo --evaluator 'team: Relevance:input=a'")

    assert (plain.exit_code, mapped.exit_code) == (0, 0)
    assert mock.task().evaluators[0].evaluator_name == "team: Relevance"
    assert mock.task().evaluators[0].column_mappings == {"input": "a"}


def fields_of(value: object) -> dict[str, Any]:
    """Return the fields of an object with slots."""
    return {name: getattr(value, name) for name in value.__slots__}  # type: ignore[attr-defined]  # it has slots


@pytest.mark.parametrize(
    ("enum", "text", "value"),
    [
        ("TaskType", "run_experiment", "run_experiment"),
        ("TaskType", "Run_Experiment", "run_experiment"),
        ("TaskRunStatus", "FAILED", "failed"),
    ],
)
def test_values_of_enums(enum: str, text: str, value: str) -> None:
    assert EnumChoice(enum).convert(text, None, None) == value


@pytest.mark.parametrize("text", ["", "fail", "failed "])
def test_an_unknown_enum_value_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="pending, running, completed, failed, cancelled"):
        EnumChoice("TaskRunStatus").convert(text, None, None)


@pytest.mark.parametrize("value", ["nan", "NaN", "-nan"])
def test_nan_is_in_no_range(value: str) -> None:
    with pytest.raises(click.BadParameter, match="is not a number"):
        NumberRange(0, 1).convert(value, None, None)


def test_values_that_are_converted_already() -> None:
    """Defaults and values from programs stay as they are."""
    moment = datetime(2026, 3, 1, tzinfo=UTC)

    assert TimeType().convert(moment, None, None) is moment
    assert ListType().convert(["a"], None, None) == ["a"]

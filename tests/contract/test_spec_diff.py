"""Tests of the comparison of contracts, which names for every change whom it breaks."""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from spec.diff.__main__ import main
from spec.diff.accepted import AcceptedError, load_accepted
from spec.diff.changes import Change, compare
from spec.diff.report import Report, Section, as_json, as_markdown, as_text
from spec.generator.contract import load_contract
from spec.generator.package import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

Document = dict[str, Any]
BREAKING, COMPATIBLE = "breaking", "compatible"
FILTER = {"name": "owner", "in": "query", "schema": {"type": "string"}}


def schema(contract: Document, name: str) -> Document:
    found: Document = contract["components"]["schemas"][name]
    return found


def field(contract: Document, name: str) -> Document:
    of, _, named = name.partition(".")
    found: Document = schema(contract, of)["properties"][named]
    return found


def without_field(contract: Document, name: str) -> None:
    of, _, named = name.partition(".")
    del schema(contract, of)["properties"][named]
    schema(contract, of)["required"].remove(named)


def variant(contract: Document, union: str, name: str) -> None:
    contract["components"]["schemas"][name] = {
        "type": "object",
        "required": ["experiment_type"],
        "properties": {"experiment_type": {"type": "string", "const": name}},
    }
    schema(contract, union)["oneOf"].append({"$ref": f"#/components/schemas/{name}"})


def parameters(contract: Document, path: str) -> list[Document]:
    found: list[Document] = contract["paths"][path]["get"]["parameters"]
    return found


def renamed_status(contract: Document) -> None:
    answers = contract["paths"]["/v2/tasks"]["post"]["responses"]
    answers["200"] = answers.pop("201")


def another_type(contract: Document) -> None:
    schema(contract, "TaskType")["enum"].append("dream_evaluation")


# Each change: what it is, how it is made, and the beginning of its name in the report with its class for either side.
Row = tuple[str, "Callable[[Document], object]", "Mapping[str, dict[str, str]]"]
BREAKS: list[Row] = [
    (
        "an operation is gone",
        lambda c: c["paths"]["/v2/evaluators/{evaluator_id}"].pop("get"),
        {"GET /v2/evaluators/{evaluator_id}: Operation": {"callers": BREAKING, "readers": BREAKING}},
    ),
    (
        "an operation has another id",
        lambda c: c["paths"]["/v2/tasks/{task_id}"]["get"].update(operationId="read_task"),
        {"GET /v2/tasks/{task_id}: `operationId`": {"callers": BREAKING, "readers": BREAKING}},
    ),
    (
        "a request needs another field",
        lambda c: (
            schema(c, "CreateRunExperimentTaskRequest")["properties"].update(owner={"type": "string"}),
            schema(c, "CreateRunExperimentTaskRequest")["required"].append("owner"),
        ),
        {"CreateRunExperimentTaskRequest: Properties became required: `owner`": {"callers": BREAKING}},
    ),
    (
        "a request takes a field no more",
        lambda c: schema(c, "TriggerEvaluationTaskRunRequest")["properties"].pop("max_spans"),
        {"TriggerEvaluationTaskRunRequest.max_spans: Property": {"callers": BREAKING}},
    ),
    (
        "a request has a tighter limit",
        lambda c: c["components"]["parameters"]["Limit"]["schema"].update(maximum=50),
        {"parameter Limit: Upper bound": {"callers": BREAKING}},
    ),
    (
        "a body must not be left out",
        lambda c: c["paths"]["/v2/tasks/{task_id}/trigger"]["post"]["requestBody"].update(required=True),
        {"POST /v2/tasks/{task_id}/trigger requestBody: Request body became required": {"callers": BREAKING}},
    ),
    (
        "a list needs a filter",
        lambda c: parameters(c, "/v2/projects").append({**FILTER, "required": True}),
        {"GET /v2/projects parameter owner: Required": {"callers": BREAKING}},
    ),
    (
        "a value is renamed, sent and received",
        lambda c: schema(c, "TaskRunStatus").update(enum=["pending", "running", "completed", "broken", "cancelled"]),
        {
            "TaskRunStatus: Enum lost values: 'failed'": {"callers": BREAKING},
            "TaskRunStatus: Enum gained values: 'broken'": {"readers": BREAKING},
        },
    ),
    (
        "an answer lacks a field",
        lambda c: without_field(c, "TaskRun.num_skipped"),
        {"TaskRun.num_skipped: Property": {"readers": BREAKING}},
    ),
    (
        "an answer need not have a field",
        lambda c: schema(c, "Dataset")["required"].remove("updated_at"),
        {"Dataset: Properties are no longer required: `updated_at`": {"readers": BREAKING}},
    ),
    (
        "a field of an answer has another type",
        lambda c: field(c, "TaskRun.num_errors").update(type="string"),
        {"TaskRun.num_errors: Type": {"readers": BREAKING}},
    ),
    (
        "a field of an answer may be null",
        lambda c: field(c, "Project.name").update(type=["string", "null"]),
        {"Project.name: Type widened": {"readers": BREAKING}},
    ),
    (
        "success has another status",
        renamed_status,
        {"POST /v2/tasks responses": {"readers": BREAKING}},
    ),
]
COMPATIBLES: list[Row] = [
    (
        "there is another operation",
        lambda c: c["paths"].update(
            {
                "/v2/tasks/{task_id}/copy": {
                    "post": {"operationId": "copy_task", "responses": {"204": {"description": ""}}}
                }
            }
        ),
        {"/v2/tasks/{task_id}/copy: was added": {"callers": COMPATIBLE, "readers": COMPATIBLE}},
    ),
    (
        "a request can have another field",
        lambda c: schema(c, "CreateRunExperimentTaskRequest")["properties"].update(owner={"type": "string"}),
        {"CreateRunExperimentTaskRequest.owner: was added": {"callers": COMPATIBLE}},
    ),
    (
        "a request can leave a field out",
        lambda c: schema(c, "TemplateEvaluationRunConfig")["required"].remove("provide_explanation"),
        {"TemplateEvaluationRunConfig: `required`": {"callers": COMPATIBLE}},
    ),
    (
        "a request has a looser limit",
        lambda c: c["components"]["parameters"]["Limit"]["schema"].update(maximum=200),
        {"parameter Limit: `maximum` changed from 100 to 200": {"callers": COMPATIBLE}},
    ),
    (
        "a list has another filter",
        lambda c: parameters(c, "/v2/projects").append(FILTER),
        {"GET /v2/projects parameter owner: was added": {"callers": COMPATIBLE}},
    ),
    (
        "there is another kind of configuration to send",
        lambda c: variant(c, "RunConfiguration", "Dream"),
        {"RunConfiguration.oneOf.2: was added": {"callers": COMPATIBLE}},
    ),
    (
        "there is another kind of configuration to receive",
        lambda c: variant(c, "StoredRunConfiguration", "StoredDream"),
        {"StoredRunConfiguration.oneOf.2:": {"readers": COMPATIBLE}},
    ),
    (
        "there is another value, sent and received",
        another_type,
        {
            "TaskType: `enum` gained dream": {"callers": COMPATIBLE},
            "TaskType: Enum gained": {"readers": COMPATIBLE},
        },
    ),
    (
        "an answer has another field",
        lambda c: schema(c, "TaskRun")["properties"].update(failure_reason={"type": "string"}),
        {"TaskRun.failure_reason: was added": {"readers": COMPATIBLE}},
    ),
    (
        "an answer always has a field",
        lambda c: schema(c, "Task")["required"].append("project_id"),
        {"Task: `required`": {"readers": COMPATIBLE}},
    ),
    (
        "there is another error",
        lambda c: c["paths"]["/v2/spaces"]["get"]["responses"].update(
            {"404": {"$ref": "#/components/responses/NotFound"}}
        ),
        {"GET /v2/spaces responses 404: was added": {"readers": COMPATIBLE}},
    ),
    (
        "there is an error less",
        lambda c: c["paths"]["/v2/tasks"]["get"]["responses"].pop("403"),
        {"GET /v2/tasks responses 403: Response": {"readers": COMPATIBLE}},
    ),
    (
        "something is described in other words",
        lambda c: schema(c, "Space").update(description="Other words."),
        {"Space: `description`": {"readers": COMPATIBLE}},
    ),
]


@pytest.fixture(scope="module")
def base() -> Document:
    """Return the documents' contract."""
    return load_contract(ROOT / "spec" / "openapi.yaml")


def changed(base: Document, rows: list[Row]) -> Document:
    """Return the contract with all changes of a table."""
    head = copy.deepcopy(base)
    for _, change, _ in rows:
        change(head)
    return head


@pytest.fixture(scope="module")
def breaks(base: Document) -> list[Change]:
    """Return the report of all breaking changes at once."""
    return compare(base, changed(base, BREAKS))


@pytest.fixture(scope="module")
def compatibles(base: Document) -> list[Change]:
    """Return the report of all compatible changes at once."""
    return compare(base, changed(base, COMPATIBLES))


def classed(changes: list[Change], name: str) -> list[dict[str, str]]:
    """Return the classes of the changes with this name prefix."""
    return [change.sides for change in changes if change.name.startswith(name)]


@pytest.mark.programs
@pytest.mark.parametrize("expected", [row[2] for row in BREAKS], ids=[row[0] for row in BREAKS])
def test_a_break_is_classed_for_those_whom_it_breaks(
    breaks: list[Change], expected: Mapping[str, dict[str, str]]
) -> None:
    for name, sides in expected.items():
        assert classed(breaks, name) == [sides]


@pytest.mark.programs
@pytest.mark.parametrize("expected", [row[2] for row in COMPATIBLES], ids=[row[0] for row in COMPATIBLES])
def test_a_compatible_change_is_classed_for_those_who_see_it(
    compatibles: list[Change], expected: Mapping[str, dict[str, str]]
) -> None:
    for name, sides in expected.items():
        assert classed(compatibles, name) == [sides]


@pytest.mark.programs
def test_compatible_changes_break_nobody(compatibles: list[Change]) -> None:
    assert [change.name for change in compatibles if change.is_breaking] == []
    assert Report("b", "1.2.3", [Section("s", compatibles)], []).next_version == "1.3.0"


@pytest.mark.programs
def test_what_a_path_refers_to_is_classed_for_both_sides() -> None:
    operation: Document = {"operationId": "do", "responses": {"204": {"description": "Done."}}}
    paths = {"/x": {"$ref": "#/components/pathItems/X"}}
    contract: Document = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths}
    required = {"parameters": [{"name": "q", "in": "query", "required": True, "schema": {"type": "string"}}]}
    old, new = (
        {**contract, "components": {"pathItems": {"X": {"post": {**operation, **more}}}}} for more in ({}, required)
    )

    (change,) = compare(old, new)

    assert (change.where, change.sides) == ("POST /x parameters", {"callers": BREAKING})


def test_nothing_changed_is_nothing_reported(base: Document) -> None:
    assert compare(base, copy.deepcopy(base)) == []


@pytest.mark.parametrize(
    ("sides", "is_wording", "version", "bump", "follows"),
    [
        ({"callers": BREAKING}, False, "0.1.3", "major", "0.2.0"),
        ({"readers": BREAKING, "callers": COMPATIBLE}, False, "1.1.3", "major", "2.0.0"),
        ({"readers": COMPATIBLE}, False, "0.1.3", "minor", "0.1.4"),
        ({"readers": COMPATIBLE}, False, "1.1.3", "minor", "1.2.0"),
        ({"readers": COMPATIBLE}, True, "1.1.3", "patch", "1.1.4"),
        (None, False, "1.1.3", "none", "1.1.3"),
        ({"callers": BREAKING}, False, "2.0", "major", "3.0.0"),
        ({"readers": COMPATIBLE}, False, "2.0.0-beta", "minor", "2.1.0"),
    ],
)
def test_the_bump_is_that_of_the_gravest_change(
    sides: dict[str, str] | None, is_wording: bool, version: str, bump: str, follows: str
) -> None:
    words = Change("Space", "`description` changed", {"readers": COMPATIBLE}, is_wording=True)
    changes = [] if sides is None else [words, Change("Task", "other", sides, is_wording=is_wording)]

    report = Report("base", version, [Section("s", changes)], [])

    assert (report.bump, report.next_version) == (bump, follows)


class TestForms:
    REPORT = Report(
        "v1",
        "1.0.0",
        [
            Section(
                "Contract",
                [
                    Change("Task.a|b", "was removed", {"readers": BREAKING}),
                    Change(
                        "TaskType", "Enum gained values: 'x'", {"readers": COMPATIBLE}, why="unknown values are kept"
                    ),
                    Change(
                        "GET /v2/tasks",
                        "was removed",
                        {"callers": BREAKING, "readers": BREAKING},
                        accepted="It is gone.",
                    ),
                ],
            ),
            Section("Another contract", [], note="is new"),
        ],
        ["Moon: was added"],
    )

    def test_text(self) -> None:
        assert as_text(self.REPORT).splitlines() == [
            "Compared with v1",
            "",
            "Contract: 3 changes, 2 breaking",
            "  ! Task.a|b: was removed [breaking for readers]",
            "    TaskType: Enum gained values: 'x' [compatible for readers] (unknown values are kept)",
            "    GET /v2/tasks: was removed [breaking for callers, breaking for readers] (accepted: It is gone.)",
            "",
            "Another contract: is new",
            "",
            "Suggested bump: major (1.0.0 to 2.0.0).",
            "1 break is unexpected: accept with a reason, or take back.",
            "Accepted, but not among the changes: Moon: was added",
        ]

    def test_markdown(self) -> None:
        text = as_markdown(self.REPORT)

        assert "| `Task.a\\|b` | was removed |  | **breaking** |  |" in text
        assert "| `GET /v2/tasks` | was removed (accepted: It is gone.) | **breaking** | **breaking** |  |" in text
        assert "## Another contract: is new" in text

    def test_json(self) -> None:
        data = json.loads(as_json(self.REPORT))

        assert (data["bump"], data["next_version"], data["unexpected"]) == ("major", "2.0.0", 1)
        first = data["sections"][0]["changes"][0]
        assert (first["name"], first["readers"], first["bump"]) == ("Task.a|b: was removed", BREAKING, "major")


@pytest.fixture
def files(tmp_path: Path, base: Document) -> dict[str, str]:
    """Write the contract, a broken one, and an empty list of accepted changes."""
    made = {
        "base": base,
        "broken": changed(base, [row for row in BREAKS if "another type" in row[0]]),
        "accepted": {"accepted": []},
    }
    for name, content in made.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    return {name: str(tmp_path / f"{name}.json") for name in made}


class TestCommandLine:
    @pytest.mark.programs
    def test_a_break_fails_and_an_accepted_one_does_not(
        self, files: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        options = ["--base", files["base"], "--spec", files["broken"], "--accepted", files["accepted"]]

        assert main(options) == 1
        said = capsys.readouterr().out
        assert "! TaskRun.num_errors: Type widened" in said
        assert "1 break is unexpected" in said
        name = next(line for line in said.splitlines() if "! " in line).strip(" !").partition(" [")[0]
        entries = [{"change": name, "reason": "Nobody used it."}, {"change": "Moon: was added", "reason": "Not yet."}]
        (tmp_path / "accepted.json").write_text(json.dumps({"accepted": entries}), encoding="utf-8")

        assert main(options) == 0
        said = capsys.readouterr().out
        assert "(accepted: Nobody used it.)" in said
        assert "Accepted, but not among the changes: Moon: was added" in said
        assert "Suggested bump: major" in said

    def test_the_report_can_go_into_a_file(self, files: dict[str, str], tmp_path: Path) -> None:
        report = tmp_path / "deep" / "report.json"

        assert (
            main(["--base", files["base"], "--spec", files["base"], "--format", "json", "--output", str(report)]) == 0
        )

        assert json.loads(report.read_text(encoding="utf-8"))["bump"] == "none"

    @pytest.mark.programs
    @pytest.mark.parametrize(
        ("options", "says"),
        [
            pytest.param(["--base", "no-such-ref"], "neither a file nor a git ref", id="no such base"),
            pytest.param(["--accepted", "no-such-file"], "cannot be read", id="no accepted changes"),
            pytest.param(["--base", "pyproject.toml"], "is not a contract", id="no contract"),
            pytest.param(
                ["--base", "spec/accepted-changes.yaml"],
                "is no OpenAPI 3: the document: 'info' is missing",
                id="no OpenAPI",
            ),
        ],
    )
    def test_what_cannot_be_compared_is_said_in_one_line(
        self, options: list[str], says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.chdir(ROOT)

        assert main(options) == 2
        error = capsys.readouterr().err
        assert says in error
        assert error.count("\n") == 1

    def test_what_is_null_counts_as_absent(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = tmp_path / "their.yaml"
        file.write_text(
            "{openapi: 3.1.0, info: {title: T, version: '1'}, paths: {/x: {get: }}, components: {schemas: }, tags: }",
            encoding="utf-8",
        )

        assert main(["--base", str(file), "--spec", str(file)]) == 0
        assert "Nothing changed." in capsys.readouterr().out

    @pytest.mark.programs
    def test_a_git_ref_is_compared_by_dialect_and_by_python_surface(self, tmp_path: Path) -> None:
        """The checkout has a new field, value and public function since its last commit."""
        for folder in ("spec", "facade", "generated"):
            shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
        git = ["git", "-C", str(tmp_path), "-c", "user.name=T", "-c", "user.email=t@example.com"]
        for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "All"]):
            subprocess.run([*git, *command], check=True, capture_output=True)
        replace(tmp_path / "spec" / "openapi.yaml", "        num_skipped:\n", "        num_passed:\n")
        replace(tmp_path / "facade" / "axtasks" / "client.py", "class AxClient(", "class AxClients(")

        finished = subprocess.run(
            [sys.executable, "-m", "spec.diff"], cwd=tmp_path, capture_output=True, text=True, check=False
        )

        assert finished.returncode == 1, finished.stderr
        sections = finished.stdout.split("\n\n")
        assert [part.partition(":")[0] for part in sections[1:4]] == [
            "Contract of documents",
            "Contract of beta",
            "Python surface",
        ]
        for part in sections[1:3]:
            assert "! TaskRun.num_passed: Property `num_skipped` was renamed to `num_passed` [breaking" in part
        assert "! axtasks.AxClient: leads nowhere [breaking for programs]" in sections[3]


def replace(file: Path, old: str, new: str) -> None:
    """Replace a text in a file; fail if it is not there."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("accepted: [{change: a}]", "entry 1 has to have a change and a reason", id="no reason"),
        pytest.param("accepted: [a break]", "entry 1 has to have a change and a reason", id="text"),
        pytest.param("accepted: [{change: a, reason: ' '}]", "entry 1 has to have", id="a blank reason"),
        pytest.param("accepted: {a: b}", "has to be a mapping with a list", id="no list"),
        pytest.param("[a]", "has to be a mapping with a list", id="no mapping"),
        pytest.param("a: [", "cannot be read", id="no YAML"),
    ],
)
def test_accepted_changes_have_reasons(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "accepted.yaml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(AcceptedError, match=says):
        load_accepted(file)


def test_the_accepted_changes_of_the_project_have_reasons() -> None:
    load_accepted(ROOT / "spec" / "accepted-changes.yaml")

"""`ax spec check`: tells where answers are not as the contract says, and suggests an overlay that makes up for it."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from axtasks.conformance.compare import compare
from axtasks.conformance.openapi import OpenApiDocument, bundled
from axtasks.conformance.traffic import of_archive

from spec.generator.overlays import apply_overlay
from tests import planted
from tests.dialects import BETA, spelling_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from axtasks.mock import MockRequest, MockResponse

    from tests.cli.support import Ax, Finished

    Har = dict[str, Any]
    Change = Callable[[Har], None]

# What an archive has in its headers.
SIGNED_WITH, SESSION = "k3y-of-the-archive", "s3cr3t-of-a-header"


@pytest.fixture(scope="module")
def archives() -> dict[str, str]:
    """By contract, what the mock answers to a check as an archive, once one was needed."""
    return {}


@pytest.fixture
def har(ax: Ax, archives: dict[str, str]) -> Har:
    """What the mock of the test answers to a check, to change and to check again."""
    contract = ax.mock.contract
    if contract not in archives:
        assert ax("spec", "check").exit_code == 0
        archives[contract] = json.dumps(ax.mock.journal.har())
    document: Har = json.loads(archives[contract])
    return document


def entry_of(har: Har, path: str) -> Har:
    """The first exchange of a path, or of one that begins like it and has an id more."""
    found: list[Har] = [
        entry
        for entry in har["log"]["entries"]
        if entry["request"]["url"].partition("?")[0].partition("/v2")[2].startswith(path)
    ]
    return found[0]


def in_body(path: str, change: Callable[[Any], object]) -> Change:
    """A change of the JSON that was answered."""

    def changed(har: Har) -> None:
        content = entry_of(har, path)["response"]["content"]
        body = json.loads(content["text"])
        change(body)
        content["text"] = json.dumps(body)

    return changed


def in_task(**fields: Any) -> Change:
    return in_body("/tasks", lambda body: body["tasks"][0].update(fields))


def without(name: str) -> Change:
    return in_body("/tasks", lambda body: body["tasks"][0].pop(name))


def in_configuration(**fields: Any) -> Change:
    def change(body: Any) -> None:
        task = next(task for task in body["tasks"] if task.get("run_configuration"))
        task["run_configuration"].update(fields)

    return in_body("/tasks", change)


def in_evaluator(**fields: Any) -> Change:
    def change(body: Any) -> None:
        next(task for task in body["tasks"] if task["evaluators"])["evaluators"][0].update(fields)

    return in_body("/tasks", change)


def answered(path: str, **response: Any) -> Change:
    return lambda har: entry_of(har, path)["response"].update(response)


def asked(method: str, path: str) -> Change:
    def change(har: Har) -> None:
        entry_of(har, "/spaces")["request"].update(method=method, url=f"http://mock.invalid{path}")

    return change


def content(text: str, media_type: str = "application/json") -> Har:
    return {"size": len(text), "mimeType": media_type, "text": text}


LIST, TASK = "list_tasks", "$.tasks[*]"
# What is planted, and the kind, the operation, the path and the example that are told of it.
PLANTED = {
    "a new field": (in_task(owner="ada"), "unknown field", LIST, f"{TASK}.owner", "ada"),
    "a new object": (
        in_task(owner={"id": 1, "tags": ["x", None]}),
        "unknown field",
        LIST,
        f"{TASK}.owner",
        "an object of 2",
    ),
    "a field with an odd name": (in_task(**{"it's new": 1}), "unknown field", LIST, f"{TASK}['it\\'s new']", "1"),
    "a field less": (without("created_at"), "missing field", LIST, f"{TASK}.created_at", None),
    "a new value": (in_task(type="dream"), "unknown value", LIST, f"{TASK}.type", "dream"),
    "another type": (in_task(name=7), "wrong type", LIST, f"{TASK}.name", "7"),
    "a type more": (in_task(project_id=["a"]), "wrong type", LIST, f"{TASK}.project_id", "a list of 1"),
    "null": (in_task(is_continuous=None), "wrong type", LIST, f"{TASK}.is_continuous", "null"),
    "a number for a word": (in_task(type=3), "wrong type", LIST, f"{TASK}.type", "3"),
    "a text for an object": (in_task(run_configuration="x"), "wrong type", LIST, f"{TASK}.run_configuration", "x"),
    "a new variant": (
        in_configuration(experiment_type="dream_up"),
        *("unknown variant", LIST, f"{TASK}.run_configuration.experiment_type", "dream_up"),
    ),
    "a new field in a variant": (
        in_configuration(dreams=True),
        *("unknown field", LIST, f"{TASK}.run_configuration.dreams", "true"),
    ),
    "a value of another type in a map": (
        in_evaluator(column_mappings={"input": 5}),
        *("wrong type", LIST, f"{TASK}.evaluators[*].column_mappings.*", "5"),
    ),
    "a status": (
        answered("/spaces", status=418, content=content("{}", "application/problem+json")),
        *("undocumented status", "list_spaces", "", "418"),
    ),
    "a media type": (
        answered("/spaces", content=content("<p>", "text/html; charset=utf-8")),
        *("undocumented media type", "list_spaces", "", "text/html"),
    ),
    "no JSON": (answered("/spaces", content=content("{")), "wrong body", "list_spaces", "$", None),
    "no body": (answered("/spaces", content=content("")), "wrong body", "list_spaces", "$", None),
    "an unknown path": (
        asked("GET", "/v2/dreams/RHJlYW06MQ=="),
        "undocumented operation",
        "GET /v2/dreams/RHJlYW06MQ==",
        "",
        None,
    ),
    "an unknown method": (
        asked("PUT", "/v2/spaces/U3BhY2U6MQ=="),
        "undocumented operation",
        "PUT /v2/spaces/U3BhY2U6MQ==",
        "",
        None,
    ),
}
UNSEEN = {
    "a path of something else": asked("GET", "/index.html"),
    "an answer that never came": answered("/spaces", status=0, content={}),
    "a body that was not kept": answered("/spaces", content={"size": 9, "mimeType": "application/json"}),
}


def check(ax: Ax, har: Har, *options: str) -> Finished:
    """The check of an archive."""
    path = ax.folder / "traffic.har"
    path.write_text(json.dumps(har), encoding="utf-8")
    return ax("spec", "check", "--har", str(path), *options)


def is_clean_after(overlay: Path, har: Har, contract: str) -> bool:
    """Whether the traffic has no deviations from the contract with the overlay."""
    document = copy.deepcopy(bundled(contract).document)
    apply_overlay(document, yaml.safe_load(overlay.read_text(encoding="utf-8")))
    return compare(OpenApiDocument(contract, document), of_archive(har).exchanges) == []


class TestDeviations:
    @pytest.mark.parametrize("name", PLANTED)
    def test_what_is_planted_is_told_and_made_up_for_by_the_suggested_overlay(
        self, ax: Ax, har: Har, name: str
    ) -> None:
        plant, kind, operation, path, example = PLANTED[name]
        plant(har)

        finished = check(ax, har, "-o", "json", "--overlay", "news.yaml")

        assert finished.exit_code == 1
        assert finished.json["contract"] == ax.mock.contract
        [told] = finished.json["deviations"]
        assert (told["kind"], told["operation"], told["path"]) == (kind, operation, path)
        assert (told["example"], told["seen"]) == (example, 1)
        assert is_clean_after(ax.folder / "news.yaml", har, ax.mock.contract)

    @pytest.mark.both_contracts
    def test_one_overlay_makes_up_for_everything_together(self, ax: Ax, har: Har) -> None:
        first = copy.deepcopy(har["log"]["entries"])
        for plant, *_ in PLANTED.values():
            again = {"log": {"entries": copy.deepcopy(first)}}
            plant(again)
            har["log"]["entries"] += again["log"]["entries"]

        finished = check(ax, har, "--overlay", "news.yaml")

        assert finished.exit_code == 1
        assert is_clean_after(ax.folder / "news.yaml", har, ax.mock.contract)

    @pytest.mark.parametrize("name", UNSEEN)
    def test_what_says_nothing_of_the_contract_is_passed_over(self, ax: Ax, har: Har, name: str) -> None:
        UNSEEN[name](har)

        assert check(ax, har).exit_code == 0

    def test_what_is_seen_often_is_told_once(self, ax: Ax, har: Har) -> None:
        in_body("/tasks", lambda body: [task.update(owner=1) for task in body["tasks"]])(har)

        [told] = check(ax, har, "-o", "json").json["deviations"]

        assert told["seen"] > 1

    def test_each_value_is_told(self, ax: Ax, har: Har) -> None:
        in_body("/tasks", lambda body: [task.update(type=f"t{n}") for n, task in enumerate(body["tasks"][:2])])(har)

        told = check(ax, har, "-o", "json").json["deviations"]

        assert [each["example"] for each in told] == ["t0", "t1"]

    @pytest.mark.one_contract
    def test_the_other_contract_can_be_compared_with(self, ax: Ax, har: Har) -> None:
        told = check(ax, har, "--contract", "beta", "-o", "json").json

        assert told["contract"] == "beta"
        assert {each["kind"] for each in told["deviations"]} == {"unknown value", "unknown variant"}
        assert not {each["example"] for each in told["deviations"]} - spelling_of(BETA).keys()


class TestOutput:
    def test_a_table_for_people(self, ax: Ax, har: Har) -> None:
        in_task(owner="ada")(har)

        finished = check(ax, har)

        assert "$.tasks[*].owner" in finished.stdout
        assert f"with the {ax.mock.contract} contract." in finished.stderr

    def test_without_deviations_nothing_is_printed(self, ax: Ax, har: Har) -> None:
        finished = check(ax, har, "--overlay", "news.yaml")

        assert (finished.exit_code, finished.stdout) == (0, "")
        assert "No deviations." in finished.stderr
        assert not (ax.folder / "news.yaml").exists()

    def test_quiet_leaves_the_exit_code(self, ax: Ax, har: Har) -> None:
        in_task(owner="ada")(har)

        finished = check(ax, har, "--quiet")

        assert (finished.exit_code, finished.stdout, finished.stderr) == (1, "", "")

    def test_an_overlay_is_printed_with_its_reasons(self, ax: Ax, har: Har) -> None:
        in_task(owner="ada")(har)

        finished = check(ax, har, "--overlay", "-")

        [action] = finished.json["actions"]
        assert (finished.exit_code, finished.json["overlay"]) == (1, "1.0.0")
        assert action == {
            "target": "$.components.schemas.Task",
            "description": "Answers of list_tasks have a field owner.",
            "update": {"properties": {"owner": {"type": "string", "description": "Seen in answers of list_tasks."}}},
        }

    def test_an_archive_needs_neither_key_nor_server(self, ax: Ax, har: Har, monkeypatch: pytest.MonkeyPatch) -> None:
        asked_before = len(ax.mock.journal.exchanges())
        monkeypatch.delenv("ARIZE_API_KEY")

        assert check(ax, har).exit_code == 0
        assert len(ax.mock.journal.exchanges()) == asked_before

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            pytest.param("{", "cannot be read as JSON", id="no JSON"),
            pytest.param("[]", "not an HTTP archive", id="something else"),
            pytest.param('{"log": {"entries": [{}]}}', "not an HTTP archive", id="an entry without an answer"),
        ],
    )
    def test_what_is_no_archive_is_refused(self, ax: Ax, text: str, reason: str) -> None:
        path = ax.folder / "other.har"
        path.write_text(text, encoding="utf-8")

        finished = ax("spec", "check", "--har", str(path))

        assert finished.exit_code == 2
        assert reason in finished.stderr


class TestSecrets:
    """Whatever stands in answers, neither the list nor the overlay shows it."""

    @pytest.mark.parametrize(
        "fields",
        [
            pytest.param({"api_key": "plain-and-secret"}, id="a field whose name says so"),
            pytest.param({"note": f"it is {SIGNED_WITH}"}, id="the key that signed the request"),
            pytest.param({"type": SIGNED_WITH}, id="the key for a value"),
            pytest.param({SIGNED_WITH: 1}, id="the key for a field"),
            pytest.param({"type": SESSION}, id="what a header had"),
            pytest.param({"note": "Bearer plain-and-secret"}, id="what looks like a token"),
            pytest.param({"type": "sk-plain-and-secret"}, id="a value that looks like a key"),
            pytest.param({"owner": {"password": "plain-and-secret"}}, id="within an object"),
            pytest.param({"note": f"{'-' * 30}{SIGNED_WITH}"}, id="where the text is cut"),
        ],
    )
    def test_they_do_not_show(self, ax: Ax, har: Har, fields: dict[str, Any]) -> None:
        in_task(**fields)(har)
        headers = entry_of(har, "/tasks")["request"]["headers"]
        headers[:] = [each for each in headers if each["name"].lower() != "authorization"]
        headers.append({"name": "X-Session-Token", "value": SESSION})
        headers.append({"name": "Authorization", "value": f"Bearer {SIGNED_WITH}"})

        shown = [
            check(ax, har, "-o", "json", "--overlay", "news.yaml"),
            check(ax, har),
            check(ax, har, "--overlay", "-"),
        ]

        assert {finished.exit_code for finished in shown} == {1}
        text = "".join(finished.stdout + finished.stderr for finished in shown)
        assert not [each for each in (SESSION, "plain-and-secret", SIGNED_WITH[:8]) if each in text]
        assert is_clean_after(ax.folder / "news.yaml", har, ax.mock.contract)

    @pytest.mark.parametrize(
        ("name", "value", "secrets"),
        [
            pytest.param("Authorization", "Bearer s3cr3t", {"s3cr3t"}, id="a scheme"),
            pytest.param("X-Api-Key", "s3cr3t", {"s3cr3t"}, id="a key"),
            pytest.param("X-Api-Key", " ", set(), id="a blank"),
            pytest.param("X-Api-Key", "", set(), id="nothing"),
            pytest.param("cookie", "a=f1rst; b=s3c=nd;c=", {"f1rst", "s3c=nd", "s3c%3Dnd"}, id="cookies"),
            pytest.param("Cookie", 'a="f1rst"; s3cond; ', {"f1rst", "s3cond"}, id="odd cookies"),
            pytest.param("Cookie", " ; =", set(), id="no cookies"),
            pytest.param("Set-Cookie", "a=f1rst; Path=/; HttpOnly", {"f1rst"}, id="a cookie that is set"),
            pytest.param("set-cookie", "a=f1rst; Secure\nb=s3cond; Path=/", {"f1rst", "s3cond"}, id="two that are set"),
        ],
    )
    @pytest.mark.parametrize("side", ["request", "response"])
    def test_what_is_secret_in_a_header(self, har: Har, *, side: str, name: str, value: str, secrets: set[str]) -> None:
        entry = entry_of(har, "/tasks")
        har["log"]["entries"] = [entry]
        for each in ("request", "response"):
            entry[each]["headers"] = [{"name": name, "value": value}] if each == side else []
            entry[each]["cookies"] = [{"name": "blank", "value": " "}]

        assert of_archive(har).secrets == secrets


@pytest.mark.both_contracts
class TestLive:
    def test_the_mock_is_as_its_contract_says_and_is_only_read(self, ax: Ax) -> None:
        finished = ax("spec", "check", "-o", "json")

        exchanges = ax.mock.journal.exchanges()
        assert finished.exit_code == 0
        assert finished.json == {"contract": ax.mock.contract, "answers": len(exchanges), "deviations": []}
        assert {exchange.method for exchange in exchanges} == {"GET"}
        assert 15 < len(exchanges) < 48
        reads = {each.id for each in bundled(ax.mock.contract).operations if each.method == "GET"}
        assert {exchange.operation for exchange in exchanges} == reads

    def test_without_being_told_it_goes_by_the_values(self, ax: Ax) -> None:
        finished = ax("spec", "check", "--contract", "auto", "-o", "json")

        assert (finished.exit_code, finished.json["contract"]) == (0, ax.mock.contract)

    @pytest.mark.one_contract
    def test_a_server_of_another_contract_deviates(self, ax: Ax) -> None:
        assert ax("spec", "check", "--contract", "beta").exit_code == 1

    def test_a_server_that_only_refuses_says_nothing_of_the_contract(self, ax: Ax) -> None:
        ax.mock.faults.add("fault=status:401")

        finished = ax("spec", "check")

        assert (finished.exit_code, finished.stdout) == (3, "")
        assert "answered with 401" in finished.stderr

    @pytest.mark.parametrize(
        ("fault", "kinds"),
        [
            pytest.param("extra-field", {"unknown field"}, id="fields"),
            pytest.param("unknown-enum", {"unknown value", "unknown variant"}, id="values"),
            pytest.param("status:418 operation=list_spaces", {"undocumented status"}, id="a status"),
        ],
    )
    def test_a_server_that_went_on_is_told_and_made_up_for(self, ax: Ax, fault: str, kinds: set[str]) -> None:
        ax.mock.faults.add(f"fault={fault}")

        finished = ax("spec", "check", "-o", "json", "--overlay", "news.yaml")

        assert finished.exit_code == 1
        assert {each["kind"] for each in finished.json["deviations"]} <= kinds
        assert is_clean_after(ax.folder / "news.yaml", ax.mock.journal.har(), ax.mock.contract)

    @pytest.mark.parametrize("field", ["note", "type"])
    def test_the_key_does_not_show_where_a_server_repeats_it(
        self, ax: Ax, monkeypatch: pytest.MonkeyPatch, field: str
    ) -> None:
        handle = ax.mock.handle

        def repeating(request: MockRequest) -> MockResponse:
            response = handle(request)
            body = json.loads(response.body)
            for task in body.get("tasks", []):
                task[field] = planted.COMMAND_LINE
            return replace(response, body=json.dumps(body).encode())

        monkeypatch.setattr(ax.mock, "handle", repeating)

        shown = [ax("spec", "check", "-o", "json"), ax("spec", "check", "--overlay", "-")]

        assert {finished.exit_code for finished in shown} == {1}
        assert not planted.shows("".join(finished.stdout + finished.stderr for finished in shown))

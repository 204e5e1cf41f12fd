"""Tests of `ax spec check`: its options, its output, and its exit codes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests import planted
from tests.archives import archive_of, entry_of, in_task

if TYPE_CHECKING:
    from axtasks.mock import MockRequest, MockResponse

    from tests.archives import Har
    from tests.cli.support import Ax, Finished


@pytest.fixture
def har(contract: str) -> Har:
    """Return an archive of the mock's responses, to change and check."""
    return archive_of(contract)


def check(ax: Ax, har: Har, *options: str) -> Finished:
    """Check an archive."""
    path = ax.folder / "traffic.har"
    path.write_text(json.dumps(har), encoding="utf-8")
    return ax("spec", "check", "--har", str(path), *options)


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

        assert (finished.exit_code, finished.stdout, finished.stderr) == (9, "", "")

    def test_a_deviation_as_json(self, ax: Ax, har: Har) -> None:
        in_task(owner="ada")(har)

        finished = check(ax, har, "-o", "json")

        assert finished.exit_code == 9
        assert finished.json == {
            "contract": ax.mock.contract,
            "answers": len(har["log"]["entries"]),
            "not_compared": [],
            "deviations": [
                {
                    "kind": "unknown field",
                    "operation": "list_tasks",
                    "status": 200,
                    "path": "$.tasks[*].owner",
                    "example": "ada",
                    "seen": 1,
                }
            ],
        }

    def test_an_overlay_is_printed_instead_of_the_list_or_written_beside_it(self, ax: Ax, har: Har) -> None:
        in_task(owner="ada")(har)

        printed = check(ax, har, "--overlay", "-")
        beside = check(ax, har, "--overlay", "news.yaml")

        [action] = printed.json["actions"]
        assert (printed.exit_code, action["description"]) == (9, "Answers of list_tasks have a field owner.")
        assert "$.tasks[*].owner" in beside.stdout
        assert (ax.folder / "news.yaml").read_text(encoding="utf-8") == printed.stdout

    def test_an_overlay_that_cannot_be_written_is_refused_before_anything_is_read(self, ax: Ax) -> None:
        finished = ax("spec", "check", "--overlay", "missing/news.yaml")

        assert finished.exit_code == 5
        assert ax.mock.journal.exchanges() == []

    @pytest.mark.one_contract
    def test_the_other_contract_can_be_compared_with(self, ax: Ax, har: Har) -> None:
        finished = check(ax, har, "--contract", "beta", "-o", "json")

        assert (finished.exit_code, finished.json["contract"]) == (9, "beta")

    def test_secrets_do_not_show(self, ax: Ax, har: Har) -> None:
        in_task(note="it is k3y-of-the-archive")(har)
        entry_of(har, "/tasks")["request"]["headers"] = [
            {"name": "Authorization", "value": "Bearer k3y-of-the-archive"}
        ]

        shown = [check(ax, har, "-o", "json"), check(ax, har), check(ax, har, "--overlay", "-")]

        assert {finished.exit_code for finished in shown} == {9}
        assert "k3y" not in "".join(finished.stdout + finished.stderr for finished in shown)

    def test_an_archive_needs_neither_key_nor_server(self, ax: Ax, har: Har, monkeypatch: pytest.MonkeyPatch) -> None:
        asked_before = len(ax.mock.journal.exchanges())
        monkeypatch.delenv("ARIZE_API_KEY")

        assert check(ax, har).exit_code == 0
        assert len(ax.mock.journal.exchanges()) == asked_before

    def test_entries_that_are_not_compared_are_told_by_number(self, ax: Ax, har: Har) -> None:
        entries = har["log"]["entries"]
        for number in (2, 3):
            del entries[number - 1]["response"]["content"]["text"]
        entries[4] = {"request": {}}

        told, shown = check(ax, har), check(ax, har, "-o", "json")

        assert (told.exit_code, told.stdout) == (0, "")
        assert f"Compared {len(entries) - 3} answers with the {ax.mock.contract} contract." in told.stderr
        assert "Not compared: entries 2, 3 (no body recorded)." in told.stderr
        assert "Not compared: entry 5 (broken: 'url' is missing)." in told.stderr
        assert [each["entry"] for each in shown.json["not_compared"]] == [2, 3, 5]

    def test_of_many_entries_the_first_are_named(self, ax: Ax, har: Har) -> None:
        for entry in har["log"]["entries"][:12]:
            del entry["response"]["content"]["text"]

        assert "entries 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more (" in check(ax, har).stderr

    @pytest.mark.parametrize(
        ("options", "hint"),
        [
            pytest.param((), "Compared no answers", id="no bodies"),
            pytest.param(("--base-path", "/other"), "--base-path says what stands before", id="another gateway"),
        ],
    )
    def test_a_check_without_comparisons_fails(self, ax: Ax, har: Har, options: tuple[str, ...], hint: str) -> None:
        for entry in har["log"]["entries"]:
            del entry["response"]["content"]["text"]

        finished = check(ax, har, *options)

        assert (finished.exit_code, finished.stdout) == (1, "")
        assert hint in finished.stderr

    @pytest.mark.parametrize("options", [(), ("--base-path", "/gateway")], ids=["found", "given"])
    def test_the_path_prefix_of_a_gateway_is_found_or_given(self, ax: Ax, har: Har, options: tuple[str, ...]) -> None:
        for entry in har["log"]["entries"]:
            entry["request"]["url"] = entry["request"]["url"].replace("/v2/", "/gateway/v2/")

        finished = check(ax, har, *options)

        assert finished.exit_code == 0
        assert f"{len(har['log']['entries'])} answers below /gateway with" in finished.stderr

    def test_a_gateway_of_a_server_is_given_with_its_address(self, ax: Ax) -> None:
        finished = ax("spec", "check", "--base-path", "/gateway")

        assert finished.exit_code == 2
        assert "--base-url has the path" in finished.stderr

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            pytest.param("{", "cannot be read as JSON", id="no JSON"),
            pytest.param("[]", "not an HTTP archive", id="something else"),
        ],
    )
    def test_an_invalid_archive_is_refused(self, ax: Ax, text: str, reason: str) -> None:
        path = ax.folder / "other.har"
        path.write_text(text, encoding="utf-8")

        finished = ax("spec", "check", "--har", str(path))

        assert finished.exit_code == 2
        assert reason in finished.stderr


@pytest.mark.both_contracts
class TestLive:
    def test_the_mock_is_as_its_contract_says(self, ax: Ax) -> None:
        finished = ax("spec", "check", "-o", "json")

        exchanges = ax.mock.journal.exchanges()
        assert finished.exit_code == 0
        assert finished.json == {
            "contract": ax.mock.contract,
            "answers": len(exchanges),
            "not_compared": [],
            "deviations": [],
        }

    def test_without_being_told_it_goes_by_the_values(self, ax: Ax) -> None:
        finished = ax("spec", "check", "--contract", "auto", "-o", "json")

        assert (finished.exit_code, finished.json["contract"]) == (0, ax.mock.contract)

    @pytest.mark.one_contract
    def test_a_server_of_another_contract_deviates(self, ax: Ax) -> None:
        assert ax("spec", "check", "--contract", "beta").exit_code == 9

    def test_a_server_that_only_refuses_says_nothing_of_the_contract(self, ax: Ax) -> None:
        ax.mock.faults.add("fault=status:401")

        finished = ax("spec", "check")

        assert (finished.exit_code, finished.stdout) == (3, "")
        assert "answered with 401" in finished.stderr

    def test_a_server_that_went_on_deviates(self, ax: Ax) -> None:
        ax.mock.faults.add("fault=extra-field")

        finished = ax("spec", "check", "-o", "json")

        assert finished.exit_code == 9
        assert {each["kind"] for each in finished.json["deviations"]} == {"unknown field"}

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

        assert {finished.exit_code for finished in shown} == {9}
        assert not planted.shows("".join(finished.stdout + finished.stderr for finished in shown))

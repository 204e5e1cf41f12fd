"""Tests of listing and reading spaces, projects, datasets, experiments and evaluators."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from axtasks import InvalidArgumentError, NotFoundError, WrongKindError
from axtasks.mock import default_world as known

from tests.unit.support import BASELINE, CHAT_PROD, DEMO, GOLDEN_SET, HALLUCINATION, ClientKind, Stage, Two

ORGANIZATION = "T3JnYW5pemF0aW9uOjEyMzQ1"
EVALUATOR_VERSION = "RXZhbHVhdG9yVmVyc2lvbjo5OTk5OQ=="
WITHIN_A_SPACE = ["projects", "datasets", "evaluators"]
GROUPS = ["spaces", *WITHIN_A_SPACE, "experiments"]

# What is asked for, and the query of the list request.
FILTERS: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    ("spaces", {"name": "demo"}, {"name": "demo"}),
    ("spaces", {"organization": ORGANIZATION}, {"org_id": ORGANIZATION}),
    ("spaces", {"limit": 2}, {"limit": "2"}),
    ("spaces", {"limit": Two()}, {"limit": "2"}),
    *((group, {"name": "o", "limit": 100}, {"name": "o", "limit": "100"}) for group in WITHIN_A_SPACE),
    *((group, {"space": "demo"}, {"space_id": DEMO}) for group in WITHIN_A_SPACE),
    *((group, {"space": DEMO}, {"space_id": DEMO}) for group in WITHIN_A_SPACE),
    ("experiments", {"name": "base"}, {"name": "base"}),
    ("experiments", {"dataset": GOLDEN_SET}, {"dataset_id": GOLDEN_SET}),
    ("experiments", {"dataset": "golden-set", "space": "demo"}, {"dataset_id": GOLDEN_SET}),
    *((group, {}, {}) for group in GROUPS),
]
BAD: list[tuple[str, dict[str, Any], str]] = [
    *((group, {"limit": 0}, "limit has to be a whole number from 1 to 100") for group in GROUPS),
    *((group, {"name": ""}, "name must not be empty") for group in GROUPS),
    *((group, {"name": "a" * 256}, "name has 256 characters; 255 is the most") for group in GROUPS),
    *((group, {"name": "a" * 256, "space": "demo"}, "255 is the most") for group in WITHIN_A_SPACE),
    *((group, {"space": CHAT_PROD}, "is the id of a project, not of a space") for group in WITHIN_A_SPACE),
    ("spaces", {"organization": DEMO}, "is the id of a space, not of an organization"),
    ("spaces", {"organization": ""}, "organization must not be empty"),
    ("experiments", {"dataset": CHAT_PROD}, "is the id of a project, not of a dataset"),
    ("experiments", {"dataset": ""}, "dataset must not be empty"),
]
READS: list[tuple[str, str, dict[str, str], str]] = [
    ("spaces", "demo", {}, DEMO),
    ("projects", "chat-prod", {"space": "demo"}, CHAT_PROD),
    ("datasets", "golden-set", {"space": "demo"}, GOLDEN_SET),
    ("experiments", "baseline", {"space": "demo", "dataset": "golden-set"}, BASELINE),
    ("evaluators", "Hallucination Eval", {"space": "demo"}, HALLUCINATION),
]
UNKNOWN = {
    "spaces": "U3BhY2U6MTIzNDU=",
    "projects": "UHJvamVjdDoxMjM0NQ==",
    "datasets": "RGF0YXNldDoxMjM0NQ==",
    "experiments": "RXhwZXJpbWVudDoxMjM0NQ==",
    "evaluators": "RXZhbHVhdG9yOjEyMzQ1",
}


def titles(cases: list[Any]) -> list[str]:
    return [f"{case[0]}-{'-'.join(case[1]) or 'all'}-{number}" for number, case in enumerate(cases)]


@pytest.mark.parametrize(("group", "arguments", "query"), FILTERS, ids=titles(FILTERS))
def test_a_list_is_narrowed_by_what_is_given(
    group: str, arguments: dict[str, Any], query: dict[str, str], stage: Stage, client_kind: ClientKind
) -> None:
    page = client_kind.ask(stage.recorder, lambda ax: getattr(ax, group).list(**arguments))

    assert stage.sent[-1].path == f"/v2/{group}"
    assert stage.sent[-1].query == {"limit": "50", **query}
    assert page.items


@pytest.mark.parametrize("group", GROUPS)
def test_a_list_that_cannot_be_asked_for_is_refused_without_a_request(
    group: str, stage: Stage, client_kind: ClientKind
) -> None:
    for arguments, message in [(arguments, message) for where, arguments, message in BAD if where == group]:
        with pytest.raises((InvalidArgumentError, WrongKindError), match=message):
            client_kind.ask(stage.recorder, partial(listed, group=group, arguments=arguments), space="demo")
        assert stage.sent == [], arguments


def listed(ax: Any, *, group: str, arguments: dict[str, Any]) -> Any:
    return getattr(ax, group).list(**arguments)


@pytest.mark.parametrize("group", WITHIN_A_SPACE)
def test_the_default_space_narrows_lists_of_what_is_within_a_space(
    group: str, stage: Stage, client_kind: ClientKind
) -> None:
    client_kind.ask(stage.recorder, lambda ax: getattr(ax, group).list(), space="demo-eu")

    assert stage.sent[-1].query["space_id"] == known.DEMO_EU


@pytest.mark.parametrize("group", ["spaces", "experiments"])
def test_the_default_space_does_not_narrow_lists_that_no_space_narrows(
    group: str, stage: Stage, client_kind: ClientKind
) -> None:
    client_kind.ask(stage.recorder, lambda ax: getattr(ax, group).list(), space="demo-eu")

    assert stage.calls == [f"GET /v2/{group}"]
    assert stage.sent[0].query == {"limit": "50"}


@pytest.mark.parametrize("group", GROUPS)
def test_a_list_goes_on_from_a_cursor(group: str, stage: Stage, client_kind: ClientKind) -> None:
    first = client_kind.ask(stage.recorder, lambda ax: getattr(ax, group).list(limit=1))

    client_kind.ask(stage.recorder, lambda ax: getattr(ax, group).list(limit=1, cursor=first.next_cursor))

    assert stage.sent[-1].query == {"limit": "1", "cursor": first.next_cursor}


@pytest.mark.parametrize("case", READS, ids=[case[0] for case in READS])
def test_a_thing_is_read_by_name_or_id(
    case: tuple[str, str, dict[str, str], str], stage: Stage, client_kind: ClientKind
) -> None:
    group, name, within, identifier = case
    by_name = client_kind.ask(stage.recorder, lambda ax: getattr(ax, group).get(name, **within))
    stage.forget()
    by_id = client_kind.ask(stage.recorder, lambda ax: getattr(ax, group).get(identifier))

    assert by_name.to_dict() == by_id.to_dict()
    assert by_id.id == identifier
    assert stage.calls == [f"GET /v2/{group}/{identifier}"]


@pytest.mark.parametrize("group", GROUPS)
def test_an_id_that_nothing_bears_is_not_found(group: str, stage: Stage, client_kind: ClientKind) -> None:
    with pytest.raises(NotFoundError) as caught:
        client_kind.ask(stage.recorder, lambda ax: getattr(ax, group).get(UNKNOWN[group]))

    assert caught.value.operation_id == f"get_{group[:-1]}"


def test_a_dataset_that_is_read_has_its_versions_and_one_that_is_listed_has_not(
    stage: Stage, client_kind: ClientKind
) -> None:
    read = client_kind.ask(stage.recorder, lambda ax: ax.datasets.get(GOLDEN_SET)).to_dict()
    listed = client_kind.ask(stage.recorder, lambda ax: ax.datasets.list()).items

    assert [version["name"] for version in read["versions"]] == ["v1"]
    assert all("versions" not in dataset.to_dict() for dataset in listed)


def test_an_evaluator_is_read_in_the_version_that_is_asked_for(stage: Stage, client_kind: ClientKind) -> None:
    with pytest.raises(NotFoundError, match="has no version"):
        client_kind.ask(stage.recorder, lambda ax: ax.evaluators.get(HALLUCINATION, version_id=EVALUATOR_VERSION))

    assert stage.sent[0].query == {"version_id": EVALUATOR_VERSION}


@pytest.mark.parametrize("version", [HALLUCINATION, ""])
def test_a_version_that_is_none_is_refused_without_a_request(
    version: str, stage: Stage, client_kind: ClientKind
) -> None:
    with pytest.raises((WrongKindError, InvalidArgumentError)):
        client_kind.ask(
            stage.recorder, lambda ax: ax.evaluators.get("Hallucination Eval", version_id=version), space="demo"
        )
    assert stage.sent == []


@pytest.mark.parametrize("given", [GOLDEN_SET, CHAT_PROD])
def test_an_experiment_by_the_id_of_something_else_is_refused(
    given: str, stage: Stage, client_kind: ClientKind
) -> None:
    with pytest.raises(WrongKindError, match="not of an experiment"):
        client_kind.ask(stage.recorder, lambda ax: ax.experiments.get(given))
    assert stage.sent == []

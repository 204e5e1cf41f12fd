"""Tests of name lookup: over all pages, by exact match, within one space with a known id."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from axtasks import (
    ALL_SPACES,
    AmbiguousNameError,
    InvalidArgumentError,
    RepeatedCursorError,
    ResolutionError,
    SpaceRequiredError,
    UnknownNameError,
    WrongKindError,
)
from axtasks.mock import default_world as known
from axtasks.resolution.ids import with_article
from axtasks.resolution.lookup import nearest

from tests.unit.support import (
    BASELINE,
    CHAT_PROD,
    CHAT_QUALITY,
    DEMO,
    ENTITY,
    GOLDEN_SET,
    HALLUCINATION,
    TASK,
    ClientKind,
    Recorder,
    Stage,
    answer,
    client_over,
    one_after_another,
    page,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.support import Sent


# How each kind of thing is read by a name that is within a space.
READERS: dict[str, Callable[[str], Callable[[Any], Any]]] = {
    "task": lambda name: lambda ax: ax.tasks.get(name),
    "project": lambda name: lambda ax: ax.projects.get(name),
    "dataset": lambda name: lambda ax: ax.datasets.get(name),
    "evaluator": lambda name: lambda ax: ax.evaluators.get(name),
}
BY_NAME = [
    ("task", "Chat Quality Monitor", CHAT_QUALITY),
    ("project", "chat-prod", CHAT_PROD),
    ("dataset", "golden-set", GOLDEN_SET),
    ("evaluator", "Hallucination Eval", HALLUCINATION),
]
IDS = {"task": CHAT_QUALITY, "project": CHAT_PROD, "dataset": GOLDEN_SET, "evaluator": HALLUCINATION}


def space(name: str, identifier: str = DEMO) -> dict[str, str]:
    return {"id": identifier, "name": name, "description": "", "created_at": "2026-01-05T09:00:00.000Z"}


def project(name: str, identifier: str) -> dict[str, str]:
    return {"id": identifier, "name": name, "space_id": DEMO, "created_at": "2026-01-05T09:00:00.000Z"}


# -- what a name leads to ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("noun", "name", "identifier"), BY_NAME, ids=list(READERS))
def test_a_name_leads_to_the_one_thing_in_the_space_that_bears_it(
    noun: str, name: str, identifier: str, stage: Stage, client_kind: ClientKind
) -> None:
    found = client_kind.ask(stage.recorder, READERS[noun](name), space="demo")

    assert (found.id, found.name) == (identifier, name)
    assert stage.calls == ["GET /v2/spaces", f"GET /v2/{noun}s", f"GET /v2/{noun}s/{identifier}"]
    looked_up = stage.sent[1].query
    assert looked_up == {"name": name, "space_id": DEMO, "limit": "100"}


def test_a_space_is_looked_up_by_its_exact_name_though_another_contains_it(stage: Stage) -> None:
    assert stage.client().spaces.get("demo").id == DEMO
    assert stage.client().spaces.get("demo-eu").id == known.DEMO_EU


@pytest.mark.parametrize(
    ("where", "identifier"), [("demo", CHAT_QUALITY), ("demo-eu", known.CHAT_QUALITY_EU)], ids=["demo", "demo-eu"]
)
def test_the_space_decides_between_things_of_one_name(where: str, identifier: str, stage: Stage) -> None:
    assert stage.client().tasks.get("Chat Quality Monitor", space=where).id == identifier


def test_a_space_given_by_id_is_not_looked_up(stage: Stage) -> None:
    stage.client().tasks.get("Chat Quality Monitor", space=DEMO)

    assert stage.calls[0] == "GET /v2/tasks"


def test_an_experiment_is_looked_up_within_its_dataset(stage: Stage, client_kind: ClientKind) -> None:
    found = client_kind.ask(
        stage.recorder, lambda ax: ax.experiments.get("baseline", dataset="golden-set", space="demo")
    )

    assert found.id == BASELINE
    assert stage.sent[2].query == {"name": "baseline", "dataset_id": GOLDEN_SET, "limit": "100"}


@pytest.mark.parametrize("number", [1, 15, 30, 130])
def test_a_name_is_found_on_whichever_page_it_stands(number: int, stage: Stage, client_kind: ClientKind) -> None:
    # Filtering by `nightly` would give 130 tasks; the mock's own filter is taken off to have several pages.
    def unfiltered(sent: Sent) -> httpx.Response:
        query = {key: value for key, value in sent.query.items() if key != "name"}
        with httpx.Client(transport=stage.door) as http:
            return http.request(
                sent.method, f"http://mock{sent.path}", params=query, headers={"authorization": "Bearer k"}
            )

    recorder = Recorder(unfiltered)
    name = f"nightly-{number:03d}"
    found = client_kind.ask(recorder, lambda ax: ax.tasks.get(name, space=known.ARCHIVE))

    assert found.name == name
    pages = [sent for sent in recorder.sent if sent.path == "/v2/tasks"]
    assert len(pages) == 2
    assert "cursor" not in pages[0].query
    assert pages[1].query["cursor"]


def test_a_second_bearer_on_a_later_page_makes_a_name_ambiguous(client_kind: ClientKind) -> None:
    transport = one_after_another(
        page("projects", project("p", CHAT_PROD), cursor="next"), page("projects", project("p", known.SUPPORT_BOT))
    )

    with pytest.raises(AmbiguousNameError) as caught:
        client_kind.ask(transport, lambda ax: ax.projects.get("p", space=DEMO))

    assert caught.value.candidates == (CHAT_PROD, known.SUPPORT_BOT)


def test_one_thing_shown_on_two_pages_is_one_thing() -> None:
    transport = one_after_another(
        page("projects", project("p", CHAT_PROD), cursor="next"),
        page("projects", project("p", CHAT_PROD)),
        answer(project("p", CHAT_PROD)),
    )

    assert client_over(transport).projects.get("p", space=DEMO).id == CHAT_PROD


def test_a_name_longer_than_the_filter_takes_is_filtered_by_its_beginning() -> None:
    name = "n" * 300
    transport = one_after_another(page("projects", project(name, CHAT_PROD)), answer(project(name, CHAT_PROD)))

    assert client_over(transport).projects.get(name, space=DEMO).name == name
    assert transport.sent[0].query["name"] == "n" * 255


# -- where names are looked up ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", ["demo", DEMO])
def test_the_default_space_of_the_client_is_used(given: str, stage: Stage, client_kind: ClientKind) -> None:
    found = client_kind.ask(stage.recorder, lambda ax: ax.tasks.get("Chat Quality Monitor"), space=given)

    assert found.id == CHAT_QUALITY


def test_the_default_space_of_the_environment_is_used(
    stage: Stage, client_kind: ClientKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARIZE_SPACE", "demo-eu")

    assert client_kind.ask(stage.recorder, lambda ax: ax.projects.get("chat-prod")).id == known.CHAT_PROD_EU


def test_a_client_may_have_no_default_space_whatever_the_environment_says(
    stage: Stage, client_kind: ClientKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARIZE_SPACE", "demo")
    used: list[Callable[[Any], Any]] = [
        lambda ax: ax.projects.list(),
        lambda ax: ax.tasks.get("Nightly Summaries"),
        lambda ax: ax.tasks.trigger_runs([{"task": "Nightly Summaries", "experiment_name": "new"}]),
    ]
    (outcome,) = client_kind.in_turn(stage.recorder, *used, space=ALL_SPACES)

    assert outcome.result().task_id == known.NIGHTLY_SUMMARIES
    assert not any("space_id" in request.query for request in stage.sent)
    with pytest.raises(SpaceRequiredError, match="looked up only within a space"):
        client_kind.ask(stage.recorder, lambda ax: ax.tasks.delete("Nightly Summaries"), space=ALL_SPACES)


def test_the_space_of_a_call_goes_before_the_default(stage: Stage, client_kind: ClientKind) -> None:
    found = client_kind.ask(stage.recorder, lambda ax: ax.projects.get("chat-prod", space="demo-eu"), space="demo")

    assert found.id == known.CHAT_PROD_EU


# -- names without a space --------------------------------------------------------------------------------------------

ONLY_ONCE = [
    ("task", "Golden Set Review", known.GOLDEN_REVIEW),
    ("project", "support-bot", known.SUPPORT_BOT),
    ("dataset", "regression-set", known.REGRESSION_SET),
    ("evaluator", "Hallucination Eval", HALLUCINATION),
]


@pytest.mark.parametrize(("noun", "name", "identifier"), ONLY_ONCE, ids=list(READERS))
def test_without_a_space_a_name_is_looked_up_over_everything_in_one_sweep(
    noun: str, name: str, identifier: str, stage: Stage, client_kind: ClientKind
) -> None:
    assert client_kind.ask(stage.recorder, READERS[noun](name)).id == identifier

    assert stage.calls == [f"GET /v2/{noun}s", f"GET /v2/{noun}s/{identifier}"]
    assert stage.sent[0].query == {"name": name, "limit": "100"}


@pytest.mark.parametrize(
    ("noun", "name", "places"),
    [
        (
            "task",
            "Chat Quality Monitor",
            {
                CHAT_QUALITY: f"over project 'chat-prod', space {DEMO}",
                known.CHAT_QUALITY_EU: f"over project 'chat-prod', space {known.DEMO_EU}",
            },
        ),
        ("project", "chat-prod", {CHAT_PROD: f"space {DEMO}", known.CHAT_PROD_EU: f"space {known.DEMO_EU}"}),
    ],
)
def test_a_name_of_several_spaces_is_refused_with_the_place_of_each(
    noun: str, name: str, places: dict[str, str], stage: Stage, client_kind: ClientKind
) -> None:
    with pytest.raises(AmbiguousNameError, match="give a space, or one of their ids: ") as caught:
        client_kind.ask(stage.recorder, READERS[noun](name))

    assert set(caught.value.candidates) == set(places)
    assert all(f"{each} ({place})" in str(caught.value) for each, place in places.items())


def test_of_many_tasks_of_one_name_five_are_read_and_all_are_named() -> None:
    tasks = [TASK | {"id": f"id-{number}", "project_id": f"p-{number}"} for number in range(7)]

    def script(sent: Sent) -> httpx.Response:
        if sent.path == "/v2/tasks":
            return page("tasks", *tasks)
        number = int(sent.path.rpartition("-")[2])
        return (
            answer({"status": 404, "title": "Not Found"}, 404) if number == 1 else answer(project(f"p{number}", DEMO))
        )

    recorder = Recorder(script)
    with pytest.raises(AmbiguousNameError) as caught:
        client_over(recorder).tasks.get(TASK["name"])

    assert caught.value.candidates == tuple(f"id-{number}" for number in range(7))
    assert len(recorder.sent) == 1 + 5
    assert "id-0 (over project 'p0'" in str(caught.value)
    assert "id-1, id-2 (over project 'p2'" in str(caught.value)
    assert str(caught.value).endswith("id-5, id-6")


def test_delete_asks_for_the_space_of_a_name(stage: Stage, client_kind: ClientKind) -> None:
    with pytest.raises(
        SpaceRequiredError, match=r"task 'Golden Set Review' is a name.* give space=.*ARIZE_SPACE.* id"
    ) as caught:
        client_kind.ask(stage.recorder, lambda ax: ax.tasks.delete("Golden Set Review"))

    assert (caught.value.noun, caught.value.value) == ("task", "Golden Set Review")
    assert stage.sent == []


def test_the_name_of_an_experiment_without_a_dataset_is_refused(stage: Stage, client_kind: ClientKind) -> None:
    with pytest.raises(SpaceRequiredError, match=r"experiment 'baseline' is a name.* give dataset=") as caught:
        client_kind.ask(stage.recorder, lambda ax: ax.experiments.get("baseline"), space="demo")

    assert caught.value.noun == "experiment"
    assert stage.sent == []


# -- names that lead nowhere ------------------------------------------------------------------------------------------

UNKNOWN = [
    ("misspelt", "Chat Qualty Monitor", ("Chat Quality Monitor",), 2),
    ("another-case", "chat quality monitor", ("Chat Quality Monitor",), 1),
    ("beginning-only", "Chat", ("Chat Quality Monitor",), 1),
    ("blank-at-the-end", "Chat Quality Monitor ", ("Chat Quality Monitor",), 2),
    ("nothing-like-it", "zzz", (), 2),
]


@pytest.mark.parametrize(("name", "near", "looks"), [case[1:] for case in UNKNOWN], ids=[case[0] for case in UNKNOWN])
def test_an_unknown_name_is_refused_with_the_near_ones(
    name: str, near: tuple[str, ...], looks: int, stage: Stage, client_kind: ClientKind
) -> None:
    with pytest.raises(UnknownNameError, match=f"no task is named '{name}'") as caught:
        client_kind.ask(stage.recorder, lambda ax: ax.tasks.get(name, space=DEMO))

    assert caught.value.near == near
    assert all(repr(other) in str(caught.value) for other in near)
    assert ("did you mean" in str(caught.value)) is bool(near)
    assert stage.calls == ["GET /v2/tasks"] * looks
    assert "name" in stage.sent[0].query
    if looks == 2:
        assert stage.sent[1].query == {"space_id": DEMO, "limit": "100"}


def test_an_unknown_space_is_refused_with_the_near_ones(stage: Stage, client_kind: ClientKind) -> None:
    with pytest.raises(UnknownNameError, match="no space is named 'dmo'; did you mean 'demo'") as caught:
        client_kind.ask(stage.recorder, lambda ax: ax.tasks.get("Chat Quality Monitor", space="dmo"))

    assert caught.value.noun == "space"
    assert "demo" in caught.value.near
    assert set(stage.calls) == {"GET /v2/spaces"}


def test_an_unknown_name_is_told_though_what_contains_it_has_a_name_that_is_no_text(client_kind: ClientKind) -> None:
    transport = one_after_another(page("tasks", TASK | {"name": None}))

    with pytest.raises(UnknownNameError, match="no task is named 'zzz' in any space; did you mean 'None'"):
        client_kind.ask(transport, lambda ax: ax.tasks.get("zzz"))


def test_an_id_that_is_no_text_is_told_where_it_is_followed(client_kind: ClientKind) -> None:
    transport = one_after_another(page("projects", {"id": "\ud800", "name": "chat-prod"}))

    with pytest.raises(InvalidArgumentError, match=r"^get_project cannot be sent: .* surrogates not allowed"):
        client_kind.ask(transport, lambda ax: ax.projects.get("chat-prod"))


def test_a_name_of_another_space_is_unknown(stage: Stage) -> None:
    with pytest.raises(UnknownNameError, match="no evaluator is named 'Toxicity Eval'"):
        stage.client().evaluators.get("Toxicity Eval", space="demo")


@pytest.mark.parametrize(
    ("name", "names", "near"),
    [
        pytest.param("prod", ["Prod", "PROD", "other"], ["Prod", "PROD"], id="both-that-differ-by-case"),
        pytest.param("aaab", ["aaaa", "aaab"], ["aaab", "aaaa"], id="nearest-first"),
        pytest.param("same name", [f"same name {n}" for n in range(10)], 5, id="five-at-most"),
        pytest.param("a", [], [], id="nothing-there"),
    ],
)
def test_near_names_are_the_closest_in_any_case(name: str, names: list[str], near: list[str] | int) -> None:
    found = list(nearest(name, names))

    assert (len(found) if isinstance(near, int) else found) == near


# -- names that lead to several things --------------------------------------------------------------------------------


def test_two_spaces_of_one_name_are_refused_with_their_ids(stage: Stage, client_kind: ClientKind) -> None:
    with pytest.raises(AmbiguousNameError, match="2 spaces are named 'sandbox': give one of their ids") as caught:
        client_kind.ask(stage.recorder, lambda ax: ax.projects.get("playground", space="sandbox"))

    assert set(caught.value.candidates) == set(known.SANDBOXES)
    assert all(candidate in str(caught.value) for candidate in known.SANDBOXES)
    assert isinstance(caught.value, ResolutionError)


def test_an_id_leads_out_of_ambiguity(stage: Stage) -> None:
    found = [stage.client().projects.get("playground", space=sandbox) for sandbox in known.SANDBOXES]

    assert found[0].id != found[1].id


# -- ids --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("noun", list(READERS))
@pytest.mark.parametrize("with_space", [False, True], ids=["alone", "with-a-space"])
def test_an_id_is_not_looked_up(noun: str, with_space: bool, stage: Stage, client_kind: ClientKind) -> None:
    settings = {"space": "demo"} if with_space else {}

    client_kind.ask(stage.recorder, READERS[noun](IDS[noun]), **settings)

    assert stage.calls == [f"GET /v2/{noun}s/{IDS[noun]}"]


@pytest.mark.parametrize("noun", list(READERS))
def test_an_id_known_to_be_of_another_kind_is_refused_without_a_request(
    noun: str, stage: Stage, client_kind: ClientKind
) -> None:
    for given, identifier in IDS.items():
        if given != noun:
            with pytest.raises(
                WrongKindError, match=f"is the id of {with_article(given)}, not of {with_article(noun)}"
            ):
                client_kind.ask(stage.recorder, READERS[noun](identifier), space="demo")
            assert stage.sent == [], given


def test_a_space_that_is_the_id_of_something_else_is_refused_without_a_request(
    stage: Stage, client_kind: ClientKind
) -> None:
    with pytest.raises(WrongKindError, match="is the id of a dataset, not of a space"):
        client_kind.ask(stage.recorder, lambda ax: ax.tasks.get("Chat Quality Monitor", space=GOLDEN_SET))
    assert stage.sent == []


def test_an_id_of_no_known_kind_passes(client_kind: ClientKind) -> None:
    transport = one_after_another(answer(TASK))

    client_kind.ask(transport, lambda ax: ax.tasks.get(ENTITY))

    assert transport.calls == [f"GET /v2/tasks/{ENTITY}"]


@pytest.mark.parametrize("noun", list(READERS))
def test_what_is_neither_name_nor_id_is_refused_without_a_request(
    noun: str, stage: Stage, client_kind: ClientKind
) -> None:
    values: list[Any] = ["", None, 5, b"task"]
    for value in values:
        with pytest.raises(InvalidArgumentError, match=f"{noun} (must not be empty|has to be text)"):
            client_kind.ask(stage.recorder, READERS[noun](value), space="demo")
        assert stage.sent == [], value


def test_a_space_that_is_empty_is_refused_rather_than_taken_for_none(stage: Stage, client_kind: ClientKind) -> None:
    with pytest.raises(InvalidArgumentError, match="space must not be empty"):
        client_kind.ask(stage.recorder, lambda ax: ax.tasks.get("Chat Quality Monitor", space=""), space="demo")
    assert stage.sent == []


# -- lists that go in circles -----------------------------------------------------------------------------------------


def test_a_cursor_that_comes_again_ends_the_look_up(client_kind: ClientKind) -> None:
    def circling(sent: Sent) -> httpx.Response:
        return page("spaces", space("demo"), cursor={"": "a", "a": "b", "b": "a"}[sent.query.get("cursor", "")])

    transport = Recorder(circling)

    with pytest.raises(RepeatedCursorError, match="the list of spaces goes in circles: cursor 'a'") as caught:
        client_kind.ask(transport, lambda ax: ax.spaces.get("demo"))

    assert caught.value.cursor == "a"
    assert len(transport.sent) == 3


@pytest.mark.parametrize(
    "pagination",
    [{"has_more": False}, {"has_more": False, "next_cursor": None}, {"has_more": False, "next_cursor": ""}],
    ids=json.dumps,
)
def test_a_list_ends_where_no_cursor_is_named(pagination: dict[str, Any], client_kind: ClientKind) -> None:
    transport = one_after_another(answer({"spaces": [space("demo")], "pagination": pagination}), answer(space("demo")))

    assert client_kind.ask(transport, lambda ax: ax.spaces.get("demo")).id == DEMO

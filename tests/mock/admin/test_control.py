"""The admin API: read the world, reset, move the clock."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from axtasks.mock import Clock, Mock
from axtasks.mock import default_world as known

from tests.mock.support import PROJECT_TASK, Api, Json, task_path

if TYPE_CHECKING:
    from tests.mock.doors import Door

KINDS = [
    "spaces",
    "projects",
    "datasets",
    "experiments",
    "evaluators",
    "ai_integrations",
    "prompts",
    "tasks",
    "task_runs",
]


def test_world_lists_everything(api: Api) -> None:
    """The world has one list per type of resource; the documents' contract has no prompts."""
    world = api.get("/__mock/world").json

    assert list(world) == KINDS
    assert [kind for kind in KINDS if not world[kind]] == ([] if api.mock.contract == "beta" else ["prompts"])


def test_world_tells_example_ids(api: Api) -> None:
    """The ids of a dataset's examples are shown here alone, so that a caller can name some."""
    datasets = {each["id"]: each for each in api.get("/__mock/world").json["datasets"]}

    assert len(datasets[known.GOLDEN_SET]["versions"][0]["example_ids"]) == 120


@pytest.mark.parametrize(
    ("kind", "name", "identifier"),
    [
        ("spaces", "demo", "U3BhY2U6NDkzOkJaSkc="),
        ("projects", "chat-prod", "TW9kZWw6MTIzOmFCY0Q="),
        ("datasets", "golden-set", "RGF0YXNldDo1NjpxUndY"),
        ("experiments", "baseline", "RXhwZXJpbWVudDoxOmFCY0Q="),
        ("evaluators", "Hallucination Eval", "RXZhbHVhdG9yOjEyOmFCY0Q="),
        ("ai_integrations", "openai-main", "TGxtSW50ZWdyYXRpb246MTI6YUJjRA=="),
        ("tasks", "Chat Quality Monitor", "T25saW5lVGFzazo0NTpxUndY"),
    ],
)
def test_documented_resources(api: Api, kind: str, name: str, identifier: str) -> None:
    """The resources in the documents' examples exist with their ids."""
    assert {each["id"]: each["name"] for each in api.get("/__mock/world").json[kind]}[identifier] == name


def test_documented_run(api: Api) -> None:
    """The run in the documents' examples exists, finished."""
    run = api.run("VGFza1J1bjo5OTpxUndY")

    assert (run["task_id"], run["status"]) == (known.CHAT_QUALITY, "completed")
    assert (run["num_successes"], run["num_errors"], run["num_skipped"]) == (4850, 12, 138)
    assert api.task(known.CHAT_QUALITY)["last_run_at"] == run["created_at"] == "2026-03-01T14:30:00.000Z"


def test_the_first_match_of_a_search_is_in_the_space_demo(api: Api) -> None:
    """No space's name is part of another's, and the newest of each type is in the space `demo`."""
    names = [each["name"] for each in api.get("/v2/spaces").json["spaces"]]

    assert [(one, other) for one, other in permutations(names, 2) if one in other] == []
    for kind in ("tasks", "projects", "datasets", "evaluators"):
        newest, in_demo = (
            api.get(f"/v2/{kind}", limit=2, **where).json[kind] for where in ({}, {"space_name": "demo"})
        )
        assert newest == in_demo, kind


def test_the_default_world_has_equal_names_and_several_pages(api: Api) -> None:
    """Two tasks have the same name, and the tasks fill several pages."""
    world = api.get("/__mock/world").json
    tasks = [each["name"] for each in world["tasks"]]

    assert tasks.count("Chat Quality Monitor") == 2
    assert len(tasks) > 120
    assert {each["type"] for each in world["tasks"]} == {"template_evaluation", "code_evaluation", "run_experiment"}


@pytest.mark.parametrize(
    "name",
    [
        "Production Hallucination Check",
        "Relevance Monitor",
        "Experiment Evaluation",
        "GPT-4o Summarization",
        "Updated Task Name",
        "Relevance Monitor v2",
    ],
)
def test_names_of_the_documents_are_free(api: Api, name: str) -> None:
    """No task bears a name that a document's example gives to a new one."""
    assert api.get("/v2/tasks", name=name).json["tasks"] == []


def test_reset(api: Api, clock: Clock) -> None:
    """A reset restores the world and the time of the start."""
    before = api.get("/__mock/world").body
    api.created(PROJECT_TASK)
    api.delete(task_path(known.CHAT_QUALITY))
    api.triggered(known.NIGHTLY_SUMMARIES, {"experiment_name": "x"})
    clock.advance(3600)

    reply = api.post("/__mock/reset")

    assert (reply.status, reply.body) == (204, b"")
    assert reply.header("date") == "Tue, 10 Mar 2026 15:00:00 GMT"
    assert api.get("/__mock/world").body == before


def test_reset_to_a_given_world(clock: Clock, door: Door) -> None:
    """A mock with a given world resets to that world, and does not change the given object."""
    given = known.default_world()
    api = Api(Mock(clock=clock, world=given), door)
    api.delete(task_path(known.CHAT_QUALITY))

    api.post("/__mock/reset")

    assert api.get(task_path(known.CHAT_QUALITY)).status == 200
    assert known.CHAT_QUALITY in given.tasks


def test_moving_the_clock(api: Api) -> None:
    """Moving the clock returns the new time and does what was due."""
    run = api.triggered(known.CHAT_QUALITY)

    reply = api.post("/__mock/clock", {"advance_seconds": 1.5})

    assert (reply.status, reply.json) == (200, {"now": "2026-03-10T15:00:01.500Z", "frozen": True})
    assert api.run(run["id"])["status"] == "running"
    assert api.post("/__mock/clock", {"advance_seconds": 0}).json == reply.json


@pytest.mark.parametrize(
    "body",
    [
        {"advance_seconds": -1},
        {"advance_seconds": "1"},
        {"advance_seconds": True},
        {"advance_seconds": None},
        {"advance_seconds": 1e300},
        {"advance_seconds": 10**400},
        {},
        [],
        None,
    ],
    ids=str,
)
def test_impossible_moves(api: Api, body: Json) -> None:
    """The clock does not go back, beyond the calendar, or by a value that is no number."""
    reply = api.post("/__mock/clock", body)

    assert (reply.status, "advance_seconds" in reply.detail) == (400, True)
    assert api.get("/v2/spaces").header("date") == "Tue, 10 Mar 2026 15:00:00 GMT"


def test_the_start_time_can_be_given() -> None:
    """The start time can be given; the default is a running clock from the world's own time."""
    frozen = Clock(datetime(2030, 1, 1, 12, tzinfo=UTC), frozen=True)
    running = Clock()

    assert frozen.now() == frozen.now() == datetime(2030, 1, 1, 12, tzinfo=UTC)
    assert datetime(2026, 3, 10, 15, tzinfo=UTC) <= running.now() <= running.now()


def test_a_clock_needs_a_zone() -> None:
    """A start time without a zone is refused."""
    with pytest.raises(ValueError, match="time zone"):
        Clock(datetime(2030, 1, 1))  # noqa: DTZ001  # what is to be refused

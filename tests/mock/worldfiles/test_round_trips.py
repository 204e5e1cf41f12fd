"""Worlds that are written and loaded again, as files and over the admin API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

import pytest
import yaml
from axtasks.mock import Clock, Mock, MockServer, dump_world, load_world
from axtasks.mock import default_world as known
from axtasks.mock.admin.world import MOST_BYTES
from axtasks.mock.contract import contract
from axtasks.mock.operations.rendering import Renderer
from axtasks.mock.world.resource_types import TYPES
from axtasks.mock.world.world import World
from axtasks.mock.worldfiles.schema import schema

from tests.mock.support import EXPERIMENT_TASK, NOW, PROJECT_TASK, TASKS, Api, Json, run_path, task_path

if TYPE_CHECKING:
    from tests.mock.doors import Door

WORLD = "/__mock/world"
GENERATED = """
spaces: [{name: demo}, {name: other}]
settings:
  lifecycle: reads:3 failed
  task_lifecycles: {a-1: manual}
  continuous_seconds: 60
  empty_runs: cancelled
  keys: [{key: k, role: read-only, spaces: [demo]}, {key: l}]
projects: [{name: p, space: demo, spans_per_hour: 7.5}]
datasets:
  - name: d
    space: other
    versions: [{name: v1, example_ids: [b, a]}, {name: v2, examples: 12, updated_at: -1d}]
experiments: [{count: 3, name: "e-{n}", dataset: d, results: 4}]
evaluators: [{name: E, space: demo, description: x, version_ids: [RXZhbHVhdG9yVmVyc2lvbjoxOmFCY0Q=]}]
ai_integrations: [{name: i, space: other, is_usable: false}]
tasks:
  - {count: 40, name: "a-{n}", project: p, sampling_rate: 0.25, evaluators: [E], created_at: "-{n}h"}
  - {name: b, dataset: d, experiments: [e-1, e-2], evaluators: [E], last_run_at: -2h}
  - name: c
    type: run_experiment
    dataset: d
    run_configuration: {experiment_type: llm_generation, ai_integration: i, messages: [{role: user, content: x}]}
task_runs:
  - {count: 5, task: "a-{n}", status: failed, num_errors: 3}
  - {task: b, status: pending, experiments: [e-2], reads: 2, created_by_user_id: null}
  - {task: c, status: cancelled, run_started_at: null}
"""


def played(door: Door) -> World:
    """Return a world with runs in all states."""
    api = Api(Mock(clock=Clock(NOW, frozen=True), run_seconds=60), door)
    experiment = api.created(EXPERIMENT_TASK)
    api.triggered(experiment["id"], {"experiment_name": "under way", "evaluation_task_ids": [known.GOLDEN_REVIEW]})
    api.post("/__mock/clock", {"advance_seconds": 30})
    api.triggered(experiment["id"], {"experiment_name": "pending", "max_examples": 3})
    api.triggered(known.CHAT_QUALITY)
    api.patch(task_path(known.SUPPORT_CHECKS), {"query_filter": None, "sampling_rate": 0})
    api.delete(task_path(known.CHAT_QUALITY_EU))
    cancelled = api.triggered(known.GOLDEN_REVIEW)
    api.post(run_path(cancelled["id"], "cancel"))
    return api.mock.world


WORLDS = {
    "default": lambda _: known.default_world(),
    "generated": lambda _: load_world(GENERATED),
    "played": played,
    "empty": lambda _: World(),
}


def as_yaml(data: Json) -> str:
    """Return the data as YAML, in its own order."""
    return yaml.safe_dump(data, sort_keys=False)


@pytest.mark.parametrize("form", [json.dumps, as_yaml], ids=["json", "yaml"])
@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_a_world_survives_being_written(door: Door, world: Json, form: Json) -> None:
    """A world that was written and loaded is the same, hidden values and order included."""
    before = world(door)

    after = load_world(form(dump_world(before)))

    assert dump_world(after) == dump_world(before)
    renderer = Renderer(contract.inside(), for_admin=True)
    assert json.dumps(renderer.world(after)) == json.dumps(renderer.world(before))
    assert after.settings == before.settings
    for each in TYPES:
        assert [it for _, it in after.tables[each.kind].as_put()] == [it for _, it in before.tables[each.kind].as_put()]


def test_settings_of_a_task_that_is_gone_are_not_written(door: Door) -> None:
    """The lifecycle of a deleted task is not written, so that the world can be loaded."""
    world = load_world({"extends": "default", "settings": {"task_lifecycles": {"Golden Set Review": "manual"}}})
    api = Api(Mock(world=world, clock=Clock(NOW, frozen=True)), door)
    kept = api.get(WORLD, format="file").json
    api.delete(task_path(known.GOLDEN_REVIEW))

    written = api.get(WORLD, format="file").json

    assert kept["settings"] == {"task_lifecycles": {"Golden Set Review": "manual"}}
    assert "settings" not in written
    assert put(api, json.dumps(written))["status"] == 200


def test_runs_go_on_after_being_written(door: Door) -> None:
    """Runs under way end in the loaded world as in the original."""
    ended: list[Json] = []
    first = played(door)
    for world in (first, load_world(dump_world(first))):
        api = Api(Mock(world=world, clock=Clock(NOW, frozen=True), run_seconds=60), door)
        api.post("/__mock/clock", {"advance_seconds": 30})
        api.post("/__mock/clock", {"advance_seconds": 600})
        ended.append(
            [
                {key: value for key, value in run.items() if key not in {"id", "experiment_id"}}
                for run in api.get(WORLD).json["task_runs"]
            ]
        )

    assert ended[0] == ended[1]
    assert {run["status"] for run in ended[1]} <= {"completed", "failed", "cancelled"}


def put(api: Api, text: str | bytes, method: str = "PUT") -> Json:
    """Send a world as a body, and return the status and the JSON of the response."""
    body = text.encode() if isinstance(text, str) else text
    reply = api.send_bytes(method, WORLD, body)
    return {"status": reply.status, **reply.json}


def test_a_world_can_be_read_and_put_back(api: Api) -> None:
    """A world that was read as a file can be put back, whatever happened in between."""
    api.created(PROJECT_TASK)
    file, seen = api.get(WORLD, format="file"), api.get(WORLD).body
    api.delete(task_path(known.CHAT_QUALITY))

    answer = put(api, file.body)

    assert (answer["status"], answer["spaces"], answer["tasks"]) == (200, 5, 136)
    assert api.get(WORLD).body == seen
    assert api.get(WORLD, format="file").body == file.body


def test_put_replaces(api: Api) -> None:
    """A PUT replaces the whole world, settings included, until the next reset."""
    answer = put(api, "spaces: [{name: mine}]\nsettings: {lifecycle: manual}\n")

    assert answer == {"status": 200} | dict.fromkeys([each.name for each in TYPES], 0) | {"spaces": 1}
    assert [each["name"] for each in api.get("/v2/spaces").json["spaces"]] == ["mine"]
    assert api.get("/__mock/lifecycle").json["default"] == "manual"
    api.post("/__mock/reset")
    assert api.get("/v2/spaces", name="mine").json["spaces"] == []
    assert api.get("/__mock/lifecycle").json["default"] == "time:2"


def test_patch_adds(api: Api) -> None:
    """A PATCH adds to the world."""
    answer = put(api, "tasks:\n- {name: Mine, project: support-bot, evaluators: [Relevance Eval]}\n", "PATCH")

    assert (answer["status"], answer["tasks"]) == (200, 136)
    assert [task["name"] for task in api.get(TASKS, name="mine").json["tasks"]] == ["Mine"]


def test_patch_can_change_settings(api: Api) -> None:
    """A PATCH keeps the lifecycles, unless it sets them."""
    api.send("PUT", "/__mock/lifecycle", {"default": "manual"})

    put(api, "spaces: [{name: more}]\n", "PATCH")
    assert api.get("/__mock/lifecycle").json["default"] == "manual"
    put(api, "settings: {lifecycle: immediate}\n", "PATCH")
    assert api.get("/__mock/lifecycle").json["default"] == "immediate"


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ("tasks:\n- name: T\n  project: nope\n", "line 3: tasks[0].project: no project is named 'nope'"),
        ('{"spaces": [\n{"nme": "x"}]}', "line 2: spaces[0].nme: is not a known field; did you mean 'name'?"),
        ("spaces: [", "line 1: "),
        (b"\xff", "the body is not valid UTF-8 text"),
    ],
    ids=["semantics", "shape", "syntax", "encoding"],
)
def test_bad_bodies(api: Api, method: str, body: str | bytes, detail: str) -> None:
    """A bad world is a problem with the place of the mistake, and changes nothing."""
    before = api.get(WORLD).body

    answer = put(api, body, method)

    assert answer["status"] == 400
    assert str(answer["detail"]).startswith(detail)
    assert api.get(WORLD).body == before


def test_a_body_over_the_limit(api: Api) -> None:
    """A world over the size limit is a 413."""
    assert put(api, b" " * (MOST_BYTES + 1))["status"] == 413


def test_formats(api: Api) -> None:
    """The world is shown as lists of resources, as a file, or as the schema of files."""
    assert api.get(WORLD).body == api.get(WORLD, format="view").body
    assert api.get(WORLD, format="schema").json == schema()
    assert api.get(WORLD, format="pdf").detail == 'format has to be view, file, yaml or schema, not "pdf"'


@pytest.mark.one_door
def test_large_worlds_come_through_the_socket() -> None:
    """A world larger than any request of the API can be read from a server and put back."""
    world = load_world(
        {
            "extends": "default",
            "tasks": [{"count": 5000, "name": "t-{n}", "project": "support-bot", "evaluators": ["Relevance Eval"]}],
        }
    )
    with MockServer(Mock(world=world, clock=Clock(NOW, frozen=True))) as server:
        with urlopen(f"{server.url}{WORLD}?format=file", timeout=30) as answer:  # noqa: S310  # loopback
            file = answer.read()
        assert len(file) > 1024 * 1024
        request = Request(f"{server.url}{WORLD}", data=file, method="PUT")  # noqa: S310  # loopback
        with urlopen(request, timeout=30) as answer:  # noqa: S310  # loopback
            assert json.load(answer)["tasks"] == len(world.tasks)
        with urlopen(f"{server.url}{WORLD}?format=file", timeout=30) as answer:  # noqa: S310  # loopback
            assert answer.read() == file


def test_a_put_world_depends_on_text_seed_and_clock(api: Api, door: Door) -> None:
    """Two mocks with the same text, seed and clock have the same world after a PUT."""
    twin = Api(Mock(clock=Clock(NOW, frozen=True)), door)
    twin.created(PROJECT_TASK)
    for each in (api, twin):
        put(each, GENERATED.replace("keys: [{key: k, role: read-only, spaces: [demo]}, {key: l}]", ""))

    assert api.get(WORLD).body == twin.get(WORLD).body
    (task,) = api.get(TASKS, name="b").json["tasks"]
    assert api.triggered(task["id"]) == twin.triggered(task["id"])

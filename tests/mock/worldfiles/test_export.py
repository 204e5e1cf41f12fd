"""Exported worlds: short, with names for references, and equal to the original when loaded."""

from __future__ import annotations

import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest
from axtasks.mock import Clock, Mock, MockServer, dump_world, load_world
from axtasks.mock import default_world as known
from axtasks.mock.cli import serve as cli
from axtasks.mock.worldfiles.export import export_world
from click.testing import CliRunner

from tests.mock.support import NOW, PROJECT_TASK, Api, Json, task_path
from tests.mock.worldfiles.test_round_trips import WORLD, WORLDS, put
from tests.worlds import names_alike

if TYPE_CHECKING:
    from axtasks.mock.world.world import World

    from tests.mock.doors import Door

WRITTEN = """\
settings:
  lifecycle: reads:3 failed
spaces:
- {name: lab, created_at: '2026-01-05T09:00:00Z'}
- {name: museum, created_at: '2026-01-05T09:00:00Z'}
projects:
- {name: web, space: lab, created_at: '2026-01-05T09:00:00Z', spans_per_hour: 120}
- {name: web, space: museum, created_at: '2026-01-05T09:00:00Z'}
datasets:
- {name: golden, space: lab, created_at: '2026-01-05T09:00:00Z', examples: 3}
- name: old
  space: museum
  created_at: 2026-01-05T09:00:00Z
  versions:
  - {name: v1, examples: 2}
  - name: v2
    example_ids: [a, b]
experiments:
- {name: baseline, dataset: golden, created_at: '2026-01-06T09:00:00Z'}
- {name: baseline, dataset: old, dataset_version: v1, created_at: '2026-01-06T09:00:00Z'}
evaluators:
- {name: Relevance, space: lab, created_at: '2026-01-07T09:00:00Z', updated_at: '2026-01-08T09:00:00Z'}
ai_integrations:
- {name: openai, space: lab, created_at: '2026-01-08T09:00:00Z'}
tasks:
- {count: 12, name: 'check-{n:02d}', created_at: '2026-01-09T09:00:00.250Z', project: lab/web, evaluators: [Relevance]}
- name: Review
  created_at: 2026-01-09T09:00:00Z
  dataset: golden
  evaluators:
  - {evaluator: Relevance, query_filter: x = 1}
  experiments: [baseline]
- name: Nightly
  type: run_experiment
  created_at: 2026-01-09T09:00:00Z
  dataset: golden
  run_configuration:
    experiment_type: llm_generation
    ai_integration_id: openai
    messages:
    - role: user
      content: |-
        Answer in one sentence:
        {{input}}
    input_variable_format: mustache
task_runs:
- {task: check-01, created_at: '2026-03-01T09:00:00Z', num_successes: 7}
- {task: Review, status: running, created_at: '2026-03-02T09:00:00Z'}
- {task: Review, status: pending, created_at: '2026-03-02T09:00:00Z', experiments: []}
"""


@pytest.mark.parametrize("world", [*WORLDS.values(), lambda _: names_alike()], ids=[*WORLDS, "names alike"])
@pytest.mark.parametrize("seed", [0, 7])
def test_an_exported_world_is_the_same_when_it_is_loaded(door: Door, world: object, seed: int) -> None:
    """A world that was exported and loaded is the same, hidden values and order included."""
    assert callable(world)
    before: World = world(door)

    text = export_world(before, seed=seed)

    assert dump_world(load_world(text, seed=seed)) == dump_world(before)
    assert export_world(load_world(text, seed=seed), seed=seed) == text


@pytest.mark.parametrize("seed", [0, 7])
def test_the_export_of_a_written_world_is_its_text(seed: int) -> None:
    """The export of a written world is its text: it has all dates, and no ids are added."""
    assert export_world(load_world(WRITTEN, seed=seed), seed=seed) == WRITTEN


ODD = [
    "null",
    "~",
    "1.5",
    "007",
    "true",
    "yes",
    "{n}",
    "x{n}1",
    "a: b",
    "- x",
    "#",
    "'",
    '"',
    "é",
    "a\nb",
    "a\n",
    "a\n\n",
    "\n",
    "a\n\t\nb",
    "a\n\xa0\nb",
    "a\n\n\nb",
    " a ",
    "2026-01-01",
]


def test_odd_names_are_text() -> None:
    """Names that YAML or a count could change are still text."""
    for odd in ODD:
        spaces: Json = [{"name": name, "description": "{n}"} for name in (odd, "s1", "s2", "s3")]
        world = load_world({"spaces": spaces})

        assert dump_world(load_world(export_world(world))) == dump_world(world), odd


def test_only_additions_to_the_default_world_are_exported(api: Api) -> None:
    """If the default world is unchanged, only the additions are exported, over `extends: default`."""
    untouched = api.get(WORLD, format="yaml")
    task = api.created({**PROJECT_TASK, "name": "Mine"})
    run = api.triggered(task["id"], {"data_start_time": "2026-03-09T00:00:00Z"})
    added = api.get(WORLD, format="yaml").body.decode()
    api.delete(task_path(known.GOLDEN_REVIEW))
    changed = api.get(WORLD, format="yaml").body.decode()

    assert (untouched.header("content-type"), untouched.body) == ("application/yaml", b"extends: default\n")
    assert added.startswith(f"extends: default\ntasks:\n- id: {task['id']}\n  name: Mine\n")
    assert f"task_runs:\n- id: {run['id']}\n  task: Mine\n  status: pending\n" in added
    assert len(added.splitlines()) < 40
    assert "extends" not in changed
    assert re.findall(r"\b(?:space|project|dataset|task): [\w+/]{12,}=*$", changed, re.MULTILINE) == []


def test_an_exported_world_can_be_put_back(api: Api) -> None:
    """An exported world can be loaded later, and is the same."""
    api.send("PUT", "/__mock/lifecycle", {"default": "manual"})
    api.triggered(known.CHAT_QUALITY)
    before, text = api.get(WORLD).body, api.get(WORLD, format="yaml").body
    api.delete(task_path(known.CHAT_QUALITY))
    api.post("/__mock/clock", {"advance_seconds": 1})

    assert put(api, text)["status"] == 200
    assert api.get(WORLD, format="yaml").body == text
    assert api.get(WORLD).body == before


@pytest.mark.one_door
def test_the_command_writes_the_world(monkeypatch: pytest.MonkeyPatch) -> None:
    """It writes the world of a served mock, which a file can be made of, and asks no proxy for it."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    world = load_world(WRITTEN)
    with MockServer(Mock(world=world, clock=Clock(NOW, frozen=True))) as server:
        finished = CliRunner().invoke(cli.group, ["export", "--url", f"{server.url}/"])

    assert (finished.exit_code, finished.stdout, finished.stderr) == (0, WRITTEN, "")


@pytest.mark.one_door
@pytest.mark.parametrize(
    ("url", "said"),
    [
        pytest.param(
            "{served}/elsewhere", "answers 404: no operation has the path /elsewhere/__mock", id="something else"
        ),
        pytest.param("{gone}", "cannot reach a mock at http://127.0.0.1", id="nobody"),
        pytest.param("file:///etc/hosts", "has to be an address such as", id="no address"),
        pytest.param("http://[", "cannot reach a mock at http://[: Invalid IPv6 URL", id="half an address"),
        pytest.param("http://a:b", "cannot reach a mock at http://a:b: nonnumeric port", id="no port"),
    ],
)
def test_export_without_a_mock_fails(url: str, said: str) -> None:
    """The command fails with one line of text."""
    with MockServer() as closed:
        gone = closed.url
    with MockServer() as server:
        finished = CliRunner().invoke(cli.group, ["export", "--url", url.format(served=server.url, gone=gone)])

    assert finished.exit_code != 0
    assert said in finished.stderr


@pytest.mark.one_door
def test_a_server_of_pages_is_no_mock() -> None:
    """One that answers every path with its page, as those of web development do, is not exported."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(b"<html></html>")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name in the library
            """Write nothing."""

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        server.timeout = 5
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        finished = CliRunner().invoke(cli.group, ["export", "--url", f"http://127.0.0.1:{server.server_port}"])
        thread.join()

    assert (finished.exit_code, finished.stdout) == (1, "")
    assert "is no mock: it answers with text/html" in finished.stderr

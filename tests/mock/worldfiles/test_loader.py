"""World files: what they can express, the world that is loaded, and errors."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from axtasks.mock import Clock, Mock, WorldFileError, ids, load_world, merge_world
from axtasks.mock import default_world as known
from axtasks.mock.contract import contract
from axtasks.mock.keys import Role
from axtasks.mock.operations.rendering import Renderer
from axtasks.mock.worldfiles.schema import schema

from tests.mock.support import NOW, TASKS, Api, task_path

if TYPE_CHECKING:
    from pathlib import Path

    from axtasks.mock.world.world import World

    from tests.mock.doors import Door
    from tests.mock.support import Json

SMALL = """
spaces:
  - name: demo
projects:
  - name: chat-prod
    spans_per_hour: 120
datasets:
  - name: golden-set
    examples: 3
  - name: history
    versions:
      - {name: v1, example_ids: [a, b]}
      - {name: v2, examples: 2}
experiments:
  - {name: baseline, dataset: golden-set}
  - {name: first, dataset: history, dataset_version: v1}
evaluators:
  - name: Relevance
  - {name: Shape, type: code_evaluation_type}
ai_integrations:
  - name: openai
tasks:
  - name: Chat
    project: chat-prod
    sampling_rate: 0.5
    is_continuous: true
    query_filter: "metadata.environment = 'production'"
    evaluators: [Relevance]
  - name: Review
    type: template_evaluation
    dataset: golden-set
    experiments: [baseline]
    evaluators:
      - {evaluator: Relevance, query_filter: "x = 1", column_mappings: {input: attributes.input}}
  - name: Nightly
    type: run_experiment
    dataset: history
    run_configuration:
      experiment_type: llm_generation
      ai_integration: openai
      messages: [{role: user, content: "{input}"}]
task_runs:
  - {task: Chat, num_successes: 7, num_errors: 1, num_skipped: 2}
  - {task: Review, status: running, created_at: -1h30m}
  - {task: Nightly, experiment: first, created_at: "2026-03-01T00:00:00+01:00"}
""".replace("code_evaluation_type", "code")


def shown(world: World) -> Json:
    """Return the world as the admin API shows it."""
    return Renderer(contract.of(contract.DOCUMENTS), for_admin=True).world(world)


def named(world: World, kind: str) -> dict[str, Json]:
    """Return the resources of a type, by name."""
    return {each["name"]: each for each in shown(world)[kind]}


def test_a_world_is_what_its_file_says() -> None:
    """All types of resources are loaded, and refer to each other by id."""
    world = load_world(SMALL)
    (space,) = shown(world)["spaces"]
    tasks, datasets = named(world, "tasks"), named(world, "datasets")

    assert set(tasks) == {"Chat", "Review", "Nightly"}
    assert named(world, "projects")["chat-prod"]["space_id"] == space["id"]
    assert tasks["Chat"]["project_id"] == named(world, "projects")["chat-prod"]["id"]
    assert (tasks["Chat"]["sampling_rate"], tasks["Chat"]["is_continuous"]) == (0.5, True)
    assert tasks["Review"]["experiment_ids"] == [named(world, "experiments")["baseline"]["id"]]
    assert tasks["Review"]["evaluators"] == [
        {
            "evaluator_id": named(world, "evaluators")["Relevance"]["id"],
            "evaluator_name": "Relevance",
            "query_filter": "x = 1",
            "column_mappings": {"input": "attributes.input"},
        }
    ]
    assert tasks["Nightly"]["run_configuration"] == {
        "input_variable_format": "f_string",
        "experiment_type": "llm_generation",
        "messages": [{"role": "user", "content": "{input}"}],
        "ai_integration_id": named(world, "ai_integrations")["openai"]["id"],
    }
    assert [each["example_ids"] for each in datasets["history"]["versions"]] == [
        ["a", "b"],
        ["example-001", "example-002"],
    ]
    assert named(world, "experiments")["first"]["dataset_version_id"] == datasets["history"]["versions"][0]["id"]
    assert next(iter(world.projects.all())).spans_per_hour == 120


def test_runs_are_what_their_file_says() -> None:
    """By default a run is completed a day before the start, and covers the day before that."""
    world = load_world(SMALL)
    tasks = named(world, "tasks")
    runs = {each["task_id"]: each for each in shown(world)["task_runs"]}
    chat, review, nightly = (runs[tasks[name]["id"]] for name in ("Chat", "Review", "Nightly"))

    assert (chat["status"], chat["created_at"]) == ("completed", "2026-03-09T15:00:00.000Z")
    assert (chat["data_start_time"], chat["data_end_time"]) == ("2026-03-08T15:00:00.000Z", "2026-03-09T15:00:00.000Z")
    assert (chat["num_successes"], chat["num_errors"], chat["num_skipped"]) == (7, 1, 2)
    assert (review["status"], review["created_at"]) == ("running", "2026-03-10T13:30:00.000Z")
    assert (review["run_finished_at"], review["data_start_time"]) == (None, None)
    assert nightly["experiment_id"] == named(world, "experiments")["first"]["id"]
    assert tasks["Nightly"]["last_run_at"] == nightly["created_at"] == "2026-02-28T23:00:00.000Z"


def test_a_world_can_be_played(door: Door) -> None:
    """Tasks of a file can be listed, updated and triggered, and their names are taken."""
    api = Api(Mock(world=load_world(SMALL), clock=Clock(NOW, frozen=True), run_seconds=0), door)
    (task,) = api.get(TASKS, name="chat").json["tasks"]

    run = api.triggered(task["id"])

    assert api.run(run["id"])["status"] == "completed"
    assert api.patch(task_path(task["id"]), {"name": "Review"}).status == 409
    assert api.patch(task_path(task["id"]), {"sampling_rate": 1}).json["sampling_rate"] == 1


def test_a_run_without_a_plan_stays_as_it_is(door: Door) -> None:
    """An unfinished run of a file without a plan never ends by itself, but can be cancelled."""
    api = Api(Mock(world=load_world(SMALL), clock=Clock(NOW, frozen=True), run_seconds=0), door)
    (run,) = [each for each in api.get("/__mock/world").json["task_runs"] if each["status"] == "running"]
    api.post("/__mock/clock", {"advance_seconds": 86_400})

    assert api.run(run["id"])["status"] == "running"
    assert api.post(f"/v2/task-runs/{run['id'].replace('=', '%3D')}/cancel").json["status"] == "cancelled"


def test_an_empty_world() -> None:
    """A file without content is an empty world."""
    assert not any(shown(load_world("# nothing\n")).values())


@pytest.mark.parametrize("suffix", ["yaml", "yml", "json", "JSON"])
def test_files_and_their_names(tmp_path: Path, suffix: str) -> None:
    """A file is read by its path, as a path object or as a text with its suffix."""
    file = tmp_path / f"world.{suffix}"
    file.write_text('\ufeff{"spaces": [{"name": "d\u00e9mo"}]}', encoding="utf-8")

    for source in (file, str(file)):
        assert list(named(load_world(source), "spaces")) == ["démo"]


def test_data_instead_of_text() -> None:
    """A world can be given as data; its errors have a place but no line."""
    assert list(named(load_world({"spaces": [{"name": "demo"}]}), "spaces")) == ["demo"]

    with pytest.raises(WorldFileError) as caught:
        load_world({"spaces": [{"nam": "demo"}]})
    assert str(caught.value) == "spaces[0].nam: is not a known field; did you mean 'name'?"
    assert (caught.value.path, caught.value.line, caught.value.where) == (None, None, "spaces[0].nam")


def test_the_same_identifiers_from_the_same_seed() -> None:
    """Ids that a file leaves out depend on the seed alone."""
    once, again, other = load_world(SMALL), load_world(SMALL), load_world(SMALL, seed=1)

    assert shown(once) == shown(again)
    assert shown(once) != shown(other)
    for kind, listed in shown(once).items():
        assert all(ids.parse(each["id"]) for each in listed), kind


def test_dates_count_from_the_start() -> None:
    """Dates that are left out or relative are counted from the start."""
    later = load_world(SMALL, start=NOW + timedelta(days=100))

    (run,) = [each for each in shown(later)["task_runs"] if each["status"] == "running"]
    assert run["created_at"] == "2026-06-18T13:30:00.000Z"
    assert named(later, "spaces")["demo"]["created_at"] == "2026-05-19T15:00:00.000Z"


def test_given_identifiers_are_kept() -> None:
    """A given id is kept, and generated ids have higher numbers."""
    given = ids.encode(ids.IdKind.SPACE, 500, "abcd")
    world = load_world({"spaces": [{"name": "made"}, {"name": "given", "id": given}]})

    made = ids.parse(named(world, "spaces")["made"]["id"])
    assert named(world, "spaces")["given"]["id"] == given
    assert made is not None
    assert made.number == 501


def test_extending_the_default_world() -> None:
    """A file can extend the default world, and refer to it by name."""
    world = load_world(
        "extends: default\ntasks:\n- {name: Extra, project: demo/chat-prod, evaluators: [Relevance Eval]}\n"
    )

    extra = named(world, "tasks")["Extra"]
    assert (extra["project_id"], extra["evaluators"][0]["evaluator_id"]) == (known.CHAT_PROD, known.RELEVANCE)
    assert len(world.tasks) == len(known.default_world().tasks) + 1


@pytest.mark.parametrize(
    ("task", "project"),
    [
        ({"project": "support-bot"}, known.SUPPORT_BOT),
        ({"project": "demo/chat-prod"}, known.CHAT_PROD),
        ({"project": "europe/chat-prod"}, known.CHAT_PROD_EU),
        ({"project": "chat-prod", "space": "europe"}, known.CHAT_PROD_EU),
        ({"project": "chat-prod", "space": known.DEMO}, known.CHAT_PROD),
        ({"project": known.CHAT_PROD_EU}, known.CHAT_PROD_EU),
        ({"project": f"{known.DEMO}/chat-prod"}, known.CHAT_PROD),
        ({"project": f"{known.SANDBOXES[1]}/playground"}, ids.encode(ids.IdKind.PROJECT, 127, "pLa2")),
    ],
    ids=str,
)
def test_references(task: Json, project: str) -> None:
    """A reference is an id, a name, or a path of names if the name is ambiguous."""
    world = load_world({"extends": "default", "tasks": [{"name": "T", "evaluators": ["Relevance Eval"], **task}]})

    assert named(world, "tasks")["T"]["project_id"] == project


def test_names_with_slashes() -> None:
    """Names with slashes can be referred to."""
    world = load_world({"spaces": [{"name": "a/b"}], "projects": [{"name": "c/d", "space": "a/b"}]})
    evaluators: Json = {"evaluators": [{"name": "E"}]}

    for reference in ("c/d", "a/b/c/d"):
        twin = world.copy()
        merge_world(twin, {**evaluators, "tasks": [{"name": "T", "project": reference, "evaluators": ["E"]}]})
        assert len(twin.tasks) == 1


def test_a_text_made_of_slashes_is_a_name() -> None:
    """Trying all its splits as a path would take time with the cube of its length."""
    name = "a/" * 4000 + "b"
    named_so: Json = {"projects": [{"name": name, "space": "demo"}]}
    task: Json = {"name": "T", "evaluators": ["Relevance Eval"]}

    world = load_world({"extends": "default", **named_so, "tasks": [{**task, "project": name}]})

    assert named(world, "tasks")["T"]["project_id"] == named(world, "projects")[name]["id"]
    with pytest.raises(WorldFileError, match="no project is named"):
        load_world({"extends": "default", "tasks": [{**task, "project": f"demo/{name}"}]})


def test_an_experiment_without_a_dataset_is_ignored_in_a_datasets_list() -> None:
    """In a list of a dataset's experiments, one of the same name without a dataset is ignored."""
    task: Json = {"name": "T", "evaluators": ["Relevance Eval"]}
    world = load_world(
        {
            "extends": "default",
            "experiments": [{"name": "baseline", "space": "demo"}],
            "tasks": [{**task, "dataset": "demo/golden-set", "experiments": ["baseline"]}],
        }
    )

    assert named(world, "tasks")["T"]["experiment_ids"] == [known.BASELINE]


def test_names_in_the_same_space_come_first() -> None:
    """Of evaluators with the same name, the one in the task's space is taken."""
    world = load_world(
        {
            "extends": "default",
            "evaluators": [{"name": "Tone", "space": "demo"}, {"name": "Tone", "space": "europe"}],
            "tasks": [{"name": "T", "project": "europe/chat-prod", "evaluators": ["Tone"]}],
        }
    )

    (attached,) = named(world, "tasks")["T"]["evaluators"]
    evaluator = world.evaluators.get(attached["evaluator_id"])
    assert evaluator is not None
    assert evaluator.space_id == known.DEMO_EU


DEMO = "spaces:\n- name: demo\n"
CHAT = DEMO + "projects:\n- name: chat-prod\nevaluators:\n- name: E\n"
PLANNED = "extends: default\ntask_runs:\n- task: Golden Set Review\n  status: pending\n  plan: "
OTHER_DATASET = f"dataset_id: {known.REGRESSION_SET}, dataset_version_id: {known.GOLDEN_SET_VERSION}"
GOLD = DEMO + "datasets:\n- {name: gold, examples: 1}\n- {name: other, examples: 1}\n"

TWINS = """\
spaces:
- {name: s, id: U3BhY2U6MQ==}
- {name: s, id: U3BhY2U6Mg==}
projects:
- {name: p, space: U3BhY2U6MQ==, id: TW9kZWw6MQ==}
- {name: p, space: U3BhY2U6Mg==, id: TW9kZWw6Mg==}
"""
BAD = {
    "unknown list": ("task: []\n", 1, "task: is not a known field; did you mean 'tasks'?"),
    "unknown field": (
        DEMO + "tasks:\n- name: T\n  projct: x\n",
        5,
        "tasks[0].projct: is not a known field; did you mean 'project'?",
    ),
    "reserved setting": (
        "settings:\n  faults: []\n",
        2,
        "settings.faults: is not a known field; known are lifecycle, task_lifecycles, continuous_seconds, empty_runs,",
    ),
    "no name": ("spaces:\n- name: demo\n- description: x\n", 3, "spaces[1].name: is required"),
    "wrong type": (DEMO + "tasks: {}\n", 3, "tasks: has to be an array, not {}"),
    "not an object": ("- a\n", 1, "a world has to be an object, not"),
    "wrong word": (
        CHAT + "tasks:\n- name: T\n  type: eval\n",
        9,
        "tasks[0].type: has to be one of template_evaluation,",
    ),
    "out of range": (CHAT + "tasks:\n- {name: T, sampling_rate: 2}\n", 8, "sampling_rate: has to be 1 or less, not 2"),
    "empty name": ('spaces:\n- name: ""\n', 2, "spaces[0].name: needs at least 1 character"),
    "unknown base": ("extends: other\n", 1, "extends: has to be one of default"),
    "unknown project": (
        CHAT + "tasks:\n- name: A\n  project: chat-prod\n  evaluators: [E]\n- name: B\n  project: demo/chat-prd\n",
        12,
        "tasks[1].project: no project is named 'chat-prd' in space 'demo'; did you mean 'chat-prod'?",
    ),
    "unknown project in a space": (
        CHAT + "tasks:\n- name: B\n  space: demo\n  project: chat-prd\n",
        10,
        "tasks[0].project: no project is named 'chat-prd' in space 'demo'; did you mean 'chat-prod'?",
    ),
    "ambiguous project": (
        "extends: default\ntasks:\n- name: T\n  project: chat-prod\n",
        4,
        "tasks[0].project: 2 projects are named 'chat-prod'; say which: 'demo/chat-prod', 'europe/chat-prod'",
    ),
    "ambiguous for good": (
        TWINS + "tasks:\n- name: T\n  project: s/p\n",
        9,
        "2 projects are named 's/p'; say which: 'TW9kZWw6MQ==', 'TW9kZWw6Mg=='",
    ),
    "unknown identifier": (
        CHAT + "tasks:\n- name: T\n  project: TW9kZWw6MTIzOmFCY0Q=\n",
        9,
        "tasks[0].project: there is no project TW9kZWw6MTIzOmFCY0Q=",
    ),
    "unknown evaluator": (
        CHAT + "tasks:\n- name: T\n  project: chat-prod\n  evaluators:\n  - E\n  - F\n",
        12,
        "tasks[0].evaluators[1]: no evaluator is named 'F'",
    ),
    "task name twice": (
        CHAT + "tasks:\n- &task {name: T, project: chat-prod, evaluators: [E]}\n- {<<: *task}\n",
        9,
        'tasks[1]: name: there is already a task named "T" in this space',
    ),
    "evaluator twice": (
        CHAT + "tasks:\n- {name: T, project: chat-prod, evaluators: [E, E]}\n",
        8,
        "tasks[0]: evaluators[1].evaluator: ",
    ),
    "no source": (
        CHAT + "tasks:\n- {name: T, evaluators: [E]}\n",
        8,
        "exactly one of project and dataset has to be given",
    ),
    "no evaluators": (CHAT + "tasks:\n- {name: T, project: chat-prod}\n", 8, "tasks[0]: evaluators"),
    "evaluator of the other type": (
        CHAT + "tasks:\n- {name: T, type: code_evaluation, project: chat-prod, evaluators: [E]}\n",
        8,
        'tasks[0]: evaluators[0].evaluator: "E" is a template evaluator',
    ),
    "experiment of another dataset": (
        GOLD + "experiments:\n- {name: x, dataset: other}\nevaluators:\n- name: E\n"
        "tasks:\n- name: T\n  dataset: gold\n  experiments: [x]\n",
        13,
        "tasks[0].experiments[0]: no experiment is named 'x' in dataset 'gold'",
    ),
    "bad run configuration": (
        GOLD
        + "tasks:\n- name: T\n  type: run_experiment\n  dataset: gold\n  run_configuration: {experiment_type: x}\n",
        7,
        "tasks[0]: run_configuration",
    ),
    "unknown AI integration": (
        GOLD
        + "tasks:\n- name: T\n  type: run_experiment\n  dataset: gold\n  run_configuration:\n    ai_integration: x\n",
        11,
        "tasks[0].run_configuration.ai_integration: no AI integration is named 'x'",
    ),
    "dataset without a version": (
        DEMO + "datasets:\n- name: gold\n",
        4,
        "datasets[0]: a dataset needs at least one version",
    ),
    "dataset with no versions": (DEMO + "datasets:\n- {name: gold, versions: []}\n", 4, "at least one version"),
    "examples twice": (
        DEMO + "datasets:\n- name: gold\n  examples: 3\n  versions: [{name: v1}]\n",
        5,
        "datasets[0].examples: is for a dataset without a list of versions",
    ),
    "version twice": (
        DEMO + "datasets:\n- name: gold\n  versions:\n  - name: v1\n  - name: v1\n",
        7,
        'datasets[0].versions[1].name: there is already a version named "v1"',
    ),
    "experiment twice": (
        GOLD + "experiments:\n- {name: x, dataset: gold}\n- {name: x, dataset: other}\n- {name: x, dataset: gold}\n",
        9,
        'experiments[2].name: there is already an experiment named "x" over this dataset',
    ),
    "unknown version": (
        GOLD + "experiments:\n- {name: x, dataset: gold, dataset_version: v7}\n",
        7,
        "dataset_version: no dataset version is named 'v7' in dataset 'gold'",
    ),
    "no space": ("projects:\n- name: p\n", 2, "projects[0].space: is required, since there is no space"),
    "several spaces": (
        "spaces: [{name: a}, {name: b}]\nprojects:\n- name: p\n",
        3,
        "projects[0].space: is required, since there are several spaces",
    ),
    "malformed identifier": ("spaces:\n- name: a\n  id: abc\n", 3, "spaces[0].id: is not an identifier (base64 of"),
    "identifier of another kind": (
        f"spaces:\n- name: a\n  id: {known.CHAT_PROD}\n",
        3,
        "spaces[0].id: is an identifier of the kind project, not space",
    ),
    "identifier twice": (
        f"spaces:\n- name: a\n  id: {known.DEMO}\n- name: b\n  id: {known.DEMO}\n",
        5,
        "spaces[1].id: is the identifier of another space already",
    ),
    "no such time": (
        "spaces:\n- name: a\n  created_at: 2026-03-01\n",
        3,
        "spaces[0].created_at: has to be a date and time with an offset",
    ),
    "time before all time": ("spaces:\n- name: a\n  created_at: -999999d\n", 3, "created_at: has to be"),
    "experiment of an evaluation": (
        "extends: default\ntask_runs:\n- task: Golden Set Review\n  experiment: baseline\n",
        4,
        "task_runs[0].experiment: is only made by runs of run_experiment tasks",
    ),
    "plan of an ended run": (
        "extends: default\ntask_runs:\n- task: Golden Set Review\n  plan: {}\n",
        4,
        "task_runs[0].plan: is only for a run that has not ended",
    ),
    "plan that is none": (
        "extends: default\ntask_runs:\n- task: Golden Set Review\n  status: pending\n  plan: {outcome: failed, x: 1}\n",
        5,
        "task_runs[0].plan.x: is not a known field",
    ),
    "plan without an offset": (
        PLANNED + "{counts: {}, outcome: failed, starts_at: 2026-03-10T15:00:00}\n",
        5,
        "task_runs[0].plan.starts_at: is not valid",
    ),
    "plan with an outcome of no run": (
        PLANNED + "{counts: {}, outcome: running}\n",
        5,
        "task_runs[0].plan.outcome: has to be one of completed, failed, cancelled",
    ),
    "plan that counts less than nothing": (
        PLANNED + "{counts: {errors: -1}, outcome: failed}\n",
        5,
        "task_runs[0].plan.counts.errors: has to be 0 or more",
    ),
    "plan of an experiment over another dataset": (
        PLANNED + f"{{counts: {{}}, outcome: completed, experiment: {{name: x, {OTHER_DATASET}}}}}\n",
        5,
        "task_runs[0].plan.experiment.dataset_version_id: the dataset has no such version",
    ),
    "version twice in a list": (
        DEMO + f"evaluators:\n- name: E\n  version_ids: [{known.RELEVANCE_VERSION}, {known.RELEVANCE_VERSION}]\n",
        5,
        "evaluators[0].version_ids: is not valid",
    ),
    "version of another evaluator": (
        f"extends: default\nevaluators:\n- name: E\n  space: demo\n  version_ids: [{known.RELEVANCE_VERSION}]\n",
        5,
        "evaluators[0].version_ids[0]: is the identifier of another evaluator version already",
    ),
    "run before all time": (
        "extends: default\ntask_runs:\n- task: demo/Chat Quality Monitor\n  created_at: 0001-01-01T00:00:00Z\n",
        4,
        "task_runs[0].created_at: has to be a date and time",
    ),
    "pause beyond all time": ("settings:\n  continuous_seconds: 1e300\n", 2, "has to be 1000000000 or less"),
    "identifier of many": (
        f"spaces:\n- name: a\n  count: 2\n  id: {known.DEMO}\n",
        4,
        "spaces[0].id: cannot be given to several at once",
    ),
    "no lifecycle": ("settings:\n  lifecycle: soon\n", 2, "settings.lifecycle: a lifecycle is immediate"),
    "no lifecycle of a task": (
        "settings:\n  task_lifecycles:\n    Chat: soon\n",
        3,
        "settings.task_lifecycles.Chat: a lifecycle is immediate",
    ),
    "lifecycle of no task": (
        "extends: default\nsettings:\n  task_lifecycles:\n    Golden Set Revue: manual\n",
        4,
        "settings.task_lifecycles.Golden Set Revue: no task is named 'Golden Set Revue'; did you mean 'Golden Set Rev",
    ),
    "key twice": ("settings:\n  keys:\n  - key: secret\n  - key: secret\n", 4, "settings.keys[1]: the same API key is"),
    "key for an unknown space": (
        "spaces: [{name: demo}]\nsettings:\n  keys:\n  - key: secret\n    spaces:\n    - demo\n    - deom\n",
        7,
        "settings.keys[0].spaces[1]: no space is named 'deom'; did you mean 'demo'?",
    ),
    "no role": ("settings:\n  keys:\n  - key: secret\n    role: god\n", 4, "settings.keys[0].role: has to be one of"),
    "broken YAML": ("spaces:\n- name: [\n", 2, "did not find expected node content"),
    "deep brackets": ("spaces:\n  " + "[" * 300 + "]" * 300, 2, "is nested too deeply"),
    "deep dashes": ("spaces:\n" + "- " * 100_000, 2, "is nested too deeply"),
    "broken JSON": ('{"spaces": [\n  {"name": "a"}\n  {"name": "b"}\n]}\n', 3, ""),
    "key twice in YAML": ("spaces:\n- name: a\n  name: b\n", 3, "'name' stands there twice"),
    "key twice in JSON": ('{\n\t"spaces": [],\n\t"spaces": []\n}', 3, "'spaces' stands there twice"),
    "constant in JSON": ('{"settings": {"continuous_seconds":\nNaN}}', 1, "has to be a number"),
    "another tag": ("spaces:\n- name: !!binary aGk=\n", 2, "could not determine a constructor for the tag"),
    "key that is no text": ("? [a]\n: b\n", 1, "a key has to be text"),
    "control character": ("spaces:\n- name: a\n- name: \x07\n", 3, "U+0007 is not allowed"),
    "two documents": ("spaces: []\n---\nspaces: []\n", 2, "another document"),
    "endless number": ("settings:\n  continuous_seconds: " + "9" * 5000, 2, "a number of 5000 digits is too long"),
    "endless number in JSON": ('{"settings":\n{"continuous_seconds": ' + "9" * 5000 + "}}", 2, "is too long"),
    "no number": ("settings:\n  continuous_seconds: !!int many", 2, "'many' is not a number"),
    "endless alias": ("spaces: &a [*a]\n", 1, "grows too large by its aliases"),
}


@pytest.mark.parametrize(("text", "line", "message"), BAD.values(), ids=BAD)
def test_bad_files(tmp_path: Path, text: str, line: int, message: str) -> None:
    """A bad file is refused with its name, the line, the place and the reason."""
    file = tmp_path / "world.yaml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(WorldFileError) as caught:
        load_world(file)

    assert str(caught.value).startswith(f"{file}:{line}: ")
    assert message in str(caught.value)
    assert (caught.value.path, caught.value.line) == (str(file), line)
    assert "secret" not in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """A file that does not exist or is not text is refused by name."""
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"spaces:\n- name: d\xe9mo\n")

    with pytest.raises(WorldFileError, match=r"^none\.yaml: cannot be read: No such file"):
        load_world("none.yaml")
    with pytest.raises(WorldFileError, match=re.escape(f"{latin}: is not UTF-8 text")):
        load_world(latin)


def test_words_of_yaml_are_those_of_json() -> None:
    """Dates, `no` and `1_0` are text in a world file, as in JSON, and unlike in YAML 1.1."""
    world = load_world("spaces:\n- {name: no, created_at: 2026-03-01T00:00:00Z}\n- name: 1_0\n- name: 12:30:00\n")

    assert set(named(world, "spaces")) == {"no", "1_0", "12:30:00"}


def test_anchors_and_merges() -> None:
    """Anchors, aliases and merge keys of YAML can be used."""
    world = load_world(
        CHAT
        + "tasks:\n- &base {name: A, project: chat-prod, evaluators: [E], sampling_rate: 0.1}\n- {<<: *base, name: B}\n"
    )

    assert named(world, "tasks")["B"]["sampling_rate"] == 0.1


def test_settings(door: Door) -> None:
    """A world sets the lifecycles of runs, the keys, and the interval of continuous tasks."""
    world = load_world(
        """
        extends: default
        settings:
          lifecycle: time:10 failed
          task_lifecycles: {Nightly Summaries: manual}
          continuous_seconds: 0
          keys:
            - {key: chief, role: admin}
            - {key: guest, role: read-only, spaces: [demo]}
        """
    )
    mock = Mock(world=world, clock=Clock(NOW, frozen=True))

    assert (world.settings.continuous_seconds, len(world.settings.keys)) == (0, 2)
    assert Api(mock, door).get(TASKS).status == 401
    assert str(mock.state.lifecycles.default) == "time:10"
    assert mock.state.lifecycles.default.outcome == "failed"


def test_roles_of_the_schema() -> None:
    """The schema has all roles of keys."""
    properties: Json = schema()["properties"]
    role = properties["settings"]["properties"]["keys"]["items"]["properties"]["role"]

    assert role["enum"] == [each.value for each in Role]


def test_merging_adds() -> None:
    """A merged world is added to the present one, and can refer to it."""
    world = load_world(SMALL)

    merge_world(world, "tasks:\n- {name: More, project: chat-prod, evaluators: [Relevance]}\n")

    assert set(named(world, "tasks")) == {"Chat", "Review", "Nightly", "More"}


def test_merging_is_all_or_nothing() -> None:
    """A bad addition changes nothing, even if its beginning is valid."""
    world = load_world(SMALL)
    before = shown(world)

    with pytest.raises(WorldFileError, match=r"^line 3: tasks\[0\]\.project: no project is named 'x'$"):
        merge_world(world, "spaces: [{name: more}]\ntasks:\n- {name: T, project: x}\n")
    with pytest.raises(WorldFileError, match=r"^line 1: extends: "):
        merge_world(world, "extends: default\n")
    assert shown(world) == before


def test_moments_of_the_start_are_utc() -> None:
    """Relative dates are counted from the start in UTC."""
    world = load_world("spaces:\n- {name: a, created_at: -45s}\n", start=datetime(2026, 1, 1, tzinfo=UTC))

    assert named(world, "spaces")["a"]["created_at"] == "2025-12-31T23:59:15.000Z"

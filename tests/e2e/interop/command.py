"""The story as the vendor's published command line tells it, by its exit codes and what it prints."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

from tests.e2e.interop import story
from tests.e2e.interop.story import Problem, Story, holds, same

if TYPE_CHECKING:
    from pathlib import Path

FAILED = 4
"""The exit code of whatever goes wrong in a call."""
PATIENCE_SECONDS = 120
PROFILE = """\
[profile]
name = "interop"
[auth]
auth_method = "api-key"
api_key = "interop"
[routing]
api_host = "{host}"
api_scheme = "{scheme}"
[update]
enabled = false
"""


class CommandLine:
    """The program, with a profile of its own: it does not take its routing from the environment."""

    def __init__(self, program: Path, home: Path, url: str) -> None:
        scheme, _, host = url.partition("://")
        profiles = home / ".arize" / "profiles"
        profiles.mkdir(parents=True, exist_ok=True)
        (profiles / "interop.toml").write_text(PROFILE.format(host=host, scheme=scheme), encoding="utf-8")
        (home / ".arize" / ".active_profile").write_text("interop", encoding="utf-8")
        self._program = program
        self._environment = {**os.environ, "HOME": str(home), "COLUMNS": "400", "NO_COLOR": "1"}

    def run(self, *words: str, group: str = "tasks") -> subprocess.CompletedProcess[str]:
        """What becomes of `ax GROUP WORDS`."""
        return subprocess.run(
            [self._program, group, *words],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )

    def json(self, *words: str, group: str = "tasks") -> Any:
        """What it prints as JSON."""
        done = self.run(*words, "--output", "json", group=group)
        holds(done.returncode == 0, f"exit code {done.returncode}: {done.stderr.strip()}")
        return json.loads(done.stdout)

    def refused(self, problem: Problem, *words: str) -> None:
        """It fails, and says why on stderr."""
        done = self.run(*words)
        same((done.returncode, done.stdout), (FAILED, ""))
        for part in (str(problem.status), problem.detail):
            holds(part in done.stderr, f"{part!r} is not in {done.stderr!r}")


def refusals(tale: Story, ax: CommandLine, task_id: str, experiment_task_id: str, run_id: str) -> None:
    """What is refused ends the program with its code, and stderr tells why."""
    with tale.step("409 for the name of an experiment that is there"):
        ax.refused(story.CONFLICT, "trigger-run", experiment_task_id, "--experiment-name", "baseline")
    with tale.step("422 for a time without an offset"):
        ax.refused(story.NO_OFFSET, "trigger-run", task_id, "--data-start-time", story.LOCAL_TIME)
    with tale.step("400 for cancelling what has ended"):
        ax.refused(story.ENDED, "cancel-run", run_id, "--force")


def of_today(tale: Story, ax: CommandLine, task_id: str) -> None:
    """What only today's contract has is found by name, and a task's name that is taken is refused by it."""
    here = ("--space", story.SPACE)
    with tale.step("422 for the name of a task that is there"):
        ax.refused(story.TAKEN, "update", task_id, "--name", "CLI Experiment")
    with tale.step("get AI integrations and integrations by name"):
        same(ax.json("get", story.INTEGRATION_NAME, *here, group="ai-integrations")["id"], story.INTEGRATION_ID)
        same(ax.json("get", story.AGENT_ID, group="integrations")["name"], story.AGENT_NAME)
        ids = {it["id"] for it in ax.json("list", *here, group="ai-integrations")["ai_integrations"]}
        holds(story.INTEGRATION_ID in ids, "the list does not have it")
    with tale.step("get an evaluator with its version, and list its versions"):
        evaluator = ax.json("get", story.EVALUATOR_NAME, *here, group="evaluators")
        found = ax.json("list-versions", story.EVALUATOR_NAME, *here, group="evaluators")["evaluator_versions"]
        same((len(found), evaluator["version"]["id"]), (story.EVALUATOR_VERSIONS, found[0]["id"]))
    with tale.step("get a prompt by name, and list its versions"):
        prompt = ax.json("get", story.PROMPT_NAME, *here, group="prompts")
        found = ax.json("list-versions", story.PROMPT_NAME, *here, group="prompts")["prompt_versions"]
        same((len(found), prompt["version"]["id"]), (story.PROMPT_VERSIONS, found[0]["id"]))


def tell(ax: CommandLine, contract: str) -> None:
    """Create, change, run and delete tasks of both kinds."""
    here = ("--space", story.SPACE)
    tale = Story("CLI")
    word = story.speller(contract)
    with tale.step("list the tasks of a project by its name"):
        found = ax.json("list", "--project", story.PROJECT, *here)
        same([it["name"] for it in found["tasks"]], ["Support Answer Checks"])
    with tale.step("list page by page"):
        first = ax.json("list", "--limit", "100")
        rest = ax.json("list", "--limit", "100", "--cursor", first["pagination"]["next_cursor"])
        same((len(first["tasks"]), len(rest["tasks"]), rest["pagination"]), (100, 35, {"has_more": False}))
    with tale.step("create an evaluation task by the name of its project"):
        evaluators = json.dumps([{"evaluator_id": story.EVALUATOR_ID, "query_filter": None, "column_mappings": None}])
        options = ("--evaluators", evaluators, "--sampling-rate", "0.5", "--no-continuous", "--query-filter", "a = 'b'")
        task = ax.json(
            *("create-evaluation", "--name", "CLI Evaluation", "--task-type", word("template_evaluation")),
            *("--project", story.PROJECT, *here, *options),
        )
        same((task["project_id"], task["sampling_rate"], task["query_filter"]), (story.PROJECT_ID, 0.5, "a = 'b'"))
        same([it["evaluator_name"] for it in task["evaluators"]], [story.EVALUATOR_NAME])
    with tale.step("create a run_experiment task by the name of its dataset"):
        configuration = json.dumps(story.run_configuration(contract))
        experiment_task = ax.json(
            *("create", "--name", "CLI Experiment", "--task-type", word("run_experiment")),
            *("--dataset", story.DATASET, *here, "--run-configuration", configuration),
        )
        same(experiment_task["run_configuration"]["messages"][0]["content"], "{{input}}")
    with tale.step("get"):
        same(ax.json("get", task["id"]), task)
    with tale.step("update by name, clearing the filter"):
        changed = ax.json("update", "CLI Evaluation", *here, "--name", "CLI Renamed", "--query-filter", "")
        same((changed["id"], changed["name"], "query_filter" in changed), (task["id"], "CLI Renamed", False))
    with tale.step("trigger an evaluation"):
        window = ("--data-start-time", story.WINDOW[0], "--data-end-time", story.WINDOW[1])
        run = ax.json("trigger-run", task["id"], *window, "--max-spans", "100")
        same((run["status"], run["data_start_time"]), (word("pending"), story.WINDOW[0]))
    with tale.step("wait for it"):
        ended = ax.json("wait-for-run", run["id"], "--poll-interval", "0.05", "--timeout", "30")
        holds(ended["status"] == word("completed") and ended["num_successes"] > 0, f"it ended as {ended}")
        same(ax.json("get-run", run["id"]), ended)
    with tale.step("trigger an experiment, and cancel it"):
        second = ax.json("trigger-run", experiment_task["id"], "--experiment-name", "cli-1", "--max-examples", "5")
        same(second["status"], word("pending"))
        same(ax.json("cancel-run", second["id"], "--force")["status"], word("cancelled"))
    with tale.step("list runs by status"):
        same([it["id"] for it in ax.json("list-runs", task["id"])["task_runs"]], [run["id"]])
        same(ax.json("list-runs", task["id"], "--status", word("failed"))["task_runs"], [])
    if contract == story.BETA:
        of_today(tale, ax, task["id"])
    refusals(tale, ax, task["id"], experiment_task["id"], run["id"])
    with tale.step("delete by name"):
        for name in ("CLI Renamed", "CLI Experiment"):
            done = ax.run("delete", name, *here, "--force")
            same((done.returncode, done.stdout), (0, ""))
    with tale.step("404 for what was deleted"):
        ax.refused(story.NOT_FOUND, "get", task["id"])

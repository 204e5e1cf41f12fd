"""The scenario with the vendor's published command line, by its exit codes and output."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

from tests.e2e.interop import scenario
from tests.e2e.interop.scenario import Problem, Steps, require, require_equal

if TYPE_CHECKING:
    from pathlib import Path

FAILED = 4
"""The exit code of any failed call."""
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
    """The vendor's `ax` with a profile, since it does not read its routing from the environment."""

    def __init__(self, program: Path, home: Path, url: str) -> None:
        scheme, _, host = url.partition("://")
        profiles = home / ".arize" / "profiles"
        profiles.mkdir(parents=True, exist_ok=True)
        (profiles / "interop.toml").write_text(PROFILE.format(host=host, scheme=scheme), encoding="utf-8")
        (home / ".arize" / ".active_profile").write_text("interop", encoding="utf-8")
        self._program = program
        self._environment = {**os.environ, "HOME": str(home), "COLUMNS": "400", "NO_COLOR": "1"}

    def run(self, *words: str, group: str = "tasks") -> subprocess.CompletedProcess[str]:
        """Run `ax GROUP WORDS`, and return the finished process."""
        return subprocess.run(
            [self._program, group, *words],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )

    def json(self, *words: str, group: str = "tasks") -> Any:
        """Run a command that has to succeed, and return its JSON."""
        done = self.run(*words, "--output", "json", group=group)
        require(done.returncode == 0, f"exit code {done.returncode}: {done.stderr.strip()}")
        return json.loads(done.stdout)

    def refused(self, problem: Problem, *words: str) -> None:
        """Raise ValueError unless a command fails with this problem on stderr."""
        done = self.run(*words)
        require_equal((done.returncode, done.stdout), (FAILED, ""))
        for part in (str(problem.status), problem.detail):
            require(part in done.stderr, f"{part!r} is not in {done.stderr!r}")


def refusals(steps: Steps, ax: CommandLine, task_id: str, experiment_task_id: str, run_id: str) -> None:
    """Check commands that the server refuses: their exit code and stderr."""
    with steps.step("409 for the name of an experiment that is there"):
        ax.refused(scenario.CONFLICT, "trigger-run", experiment_task_id, "--experiment-name", "baseline")
    with steps.step("422 for a time without an offset"):
        ax.refused(scenario.NO_OFFSET, "trigger-run", task_id, "--data-start-time", scenario.LOCAL_TIME)
    with steps.step("400 for cancelling what has ended"):
        ax.refused(scenario.ENDED, "cancel-run", run_id, "--force")


def beta_only(steps: Steps, ax: CommandLine, task_id: str) -> None:
    """Check what only today's contract has: lookups by name, and the refusal of a taken name."""
    here = ("--space", scenario.SPACE)
    with steps.step("422 for the name of a task that is there"):
        ax.refused(scenario.TAKEN, "update", task_id, "--name", "CLI Experiment")
    with steps.step("get AI integrations and integrations by name"):
        require_equal(
            ax.json("get", scenario.INTEGRATION_NAME, *here, group="ai-integrations")["id"], scenario.INTEGRATION_ID
        )
        require_equal(ax.json("get", scenario.AGENT_ID, group="integrations")["name"], scenario.AGENT_NAME)
        ids = {it["id"] for it in ax.json("list", *here, group="ai-integrations")["ai_integrations"]}
        require(scenario.INTEGRATION_ID in ids, "the list does not have it")
    with steps.step("get an evaluator with its version, and list its versions"):
        evaluator = ax.json("get", scenario.EVALUATOR_NAME, *here, group="evaluators")
        found = ax.json("list-versions", scenario.EVALUATOR_NAME, *here, group="evaluators")["evaluator_versions"]
        require_equal((len(found), evaluator["version"]["id"]), (scenario.EVALUATOR_VERSIONS, found[0]["id"]))
    with steps.step("get a prompt by name, and list its versions"):
        prompt = ax.json("get", scenario.PROMPT_NAME, *here, group="prompts")
        found = ax.json("list-versions", scenario.PROMPT_NAME, *here, group="prompts")["prompt_versions"]
        require_equal((len(found), prompt["version"]["id"]), (scenario.PROMPT_VERSIONS, found[0]["id"]))


def run_scenario(ax: CommandLine, contract: str) -> None:
    """Create, change, run and delete tasks of both types."""
    here = ("--space", scenario.SPACE)
    steps = Steps("CLI")
    word = scenario.speller(contract)
    with steps.step("list the tasks of a project by its name"):
        found = ax.json("list", "--project", scenario.PROJECT, *here)
        require_equal([it["name"] for it in found["tasks"]], ["Support Answer Checks"])
    with steps.step("list page by page"):
        first = ax.json("list", "--limit", "100")
        rest = ax.json("list", "--limit", "100", "--cursor", first["pagination"]["next_cursor"])
        require_equal((len(first["tasks"]), len(rest["tasks"]), rest["pagination"]), (100, 35, {"has_more": False}))
    with steps.step("create an evaluation task by the name of its project"):
        evaluators = json.dumps(
            [{"evaluator_id": scenario.EVALUATOR_ID, "query_filter": None, "column_mappings": None}]
        )
        options = ("--evaluators", evaluators, "--sampling-rate", "0.5", "--no-continuous", "--query-filter", "a = 'b'")
        task = ax.json(
            *("create-evaluation", "--name", "CLI Evaluation", "--task-type", word("template_evaluation")),
            *("--project", scenario.PROJECT, *here, *options),
        )
        require_equal(
            (task["project_id"], task["sampling_rate"], task["query_filter"]), (scenario.PROJECT_ID, 0.5, "a = 'b'")
        )
        require_equal([it["evaluator_name"] for it in task["evaluators"]], [scenario.EVALUATOR_NAME])
    with steps.step("create a run_experiment task by the name of its dataset"):
        configuration = json.dumps(scenario.run_configuration(contract))
        experiment_task = ax.json(
            *("create", "--name", "CLI Experiment", "--task-type", word("run_experiment")),
            *("--dataset", scenario.DATASET, *here, "--run-configuration", configuration),
        )
        require_equal(experiment_task["run_configuration"]["messages"][0]["content"], "{{input}}")
    with steps.step("get"):
        require_equal(ax.json("get", task["id"]), task)
    with steps.step("update by name, clearing the filter"):
        changed = ax.json("update", "CLI Evaluation", *here, "--name", "CLI Renamed", "--query-filter", "")
        require_equal((changed["id"], changed["name"], "query_filter" in changed), (task["id"], "CLI Renamed", False))
    with steps.step("trigger an evaluation"):
        window = ("--data-start-time", scenario.WINDOW[0], "--data-end-time", scenario.WINDOW[1])
        run = ax.json("trigger-run", task["id"], *window, "--max-spans", "100")
        require_equal((run["status"], run["data_start_time"]), (word("pending"), scenario.WINDOW[0]))
    with steps.step("wait for it"):
        ended = ax.json("wait-for-run", run["id"], "--poll-interval", "0.05", "--timeout", "30")
        require(ended["status"] == word("completed") and ended["num_successes"] > 0, f"it ended as {ended}")
        require_equal(ax.json("get-run", run["id"]), ended)
    with steps.step("trigger an experiment, and cancel it"):
        second = ax.json("trigger-run", experiment_task["id"], "--experiment-name", "cli-1", "--max-examples", "5")
        require_equal(second["status"], word("pending"))
        require_equal(ax.json("cancel-run", second["id"], "--force")["status"], word("cancelled"))
    with steps.step("list runs by status"):
        require_equal([it["id"] for it in ax.json("list-runs", task["id"])["task_runs"]], [run["id"]])
        require_equal(ax.json("list-runs", task["id"], "--status", word("failed"))["task_runs"], [])
    if contract == scenario.BETA:
        beta_only(steps, ax, task["id"])
    refusals(steps, ax, task["id"], experiment_task["id"], run["id"])
    with steps.step("delete by name"):
        for name in ("CLI Renamed", "CLI Experiment"):
            done = ax.run("delete", name, *here, "--force")
            require_equal((done.returncode, done.stdout), (0, ""))
    with steps.step("404 for what was deleted"):
        ax.refused(scenario.NOT_FOUND, "get", task["id"])

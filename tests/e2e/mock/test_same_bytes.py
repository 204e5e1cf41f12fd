"""Two servers with the same seed, frozen clock and script return and record the same bytes."""

from __future__ import annotations

import json
import re
from functools import cache
from urllib.parse import quote

import pytest
from axtasks.mock import default_world as known
from axtasks.mock.contract.contract import of
from axtasks.mock.faults.fault import FaultKind

from tests.dialects import on_the_wire
from tests.mock import raw
from tests.mock.processes import served
from tests.mock.support import (
    ABSENT,
    AUTHORIZED,
    DATASET_TASK,
    EXPERIMENT_TASK,
    PROJECT_TASK,
    TASKS,
    UNKNOWN_TASK,
    Json,
    run_path,
    task_path,
)

pytestmark = pytest.mark.one_door

FIXED = ("--clock-start", "2026-03-10T15:00:00Z", "--frozen")
# Settings that could make two processes differ: the order of sets, the time zone, the locale.
ENVIRONMENTS = (
    {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "2", "TZ": "Pacific/Chatham", "LC_ALL": "C.UTF-8"},
)
RESET = b"the connection was reset"
WORLD = """
extends: default
settings: {continuous_seconds: 600, keys: [{key: some-key, role: admin}, {key: guest, role: read-only, spaces: [demo]}]}
datasets: [{name: cases, space: demo, versions: [{name: v1, examples: 40}]}]
experiments: [{count: 6, name: "try-{n}", dataset: cases, results: 15}]
tasks:
  - {count: 40, name: "watch-{n}", project: support-bot, evaluators: [Relevance Eval], is_continuous: true}
  - {name: judged, dataset: cases, experiments: [try-1, try-2], evaluators: [Relevance Eval]}
task_runs:
  - {count: 30, task: "watch-{n}", status: failed, num_errors: 3}
  - {task: judged, status: running}
"""
FAULTS = {
    FaultKind.STATUS: "status:503 retry_after=1",
    FaultKind.DELAY: "delay:1ms",
    FaultKind.SLOW_DRIP: "slow-drip:0",
} | {kind: kind.value for kind in FaultKind if kind not in {FaultKind.STATUS, FaultKind.DELAY, FaultKind.SLOW_DRIP}}
LISTS = ("spaces", "projects", "datasets", "experiments", "evaluators")
JOURNAL = "journal"
RECORDS = (JOURNAL, "journal/har", "near-misses", "world", "world?format=file", "faults", "health", "clock")


class Script:
    """A long script of requests to one server.

    Attributes:
        responses: all responses as bytes, in order.
    """

    def __init__(self, url: str, contract_name: str) -> None:
        self.responses: list[bytes] = []
        self._url = url
        self._contract = contract_name

    def ask(self, method: str, target: str, body: Json = ABSENT) -> bytes:
        """Send a request and return the response as bytes."""
        sent = b"" if body is ABSENT else body if isinstance(body, bytes) else self._json(body, target)
        typed = (("Content-Type", "application/json"),) if sent else ()
        try:
            answer = raw.exchange(self._url, method, target, sent, headers=(*AUTHORIZED, *typed))
        except ConnectionResetError:
            answer = RESET
        self.responses.append(answer)
        return answer

    def _json(self, body: Json, target: str) -> bytes:
        spelled = on_the_wire(body, self._contract) if target.startswith("/v2") else body
        return json.dumps(spelled).encode()

    def ask_json(self, method: str, target: str, body: Json = ABSENT) -> Json:
        """Send a request and return the JSON of the response."""
        return json.loads(self.ask(method, target, body).partition(b"\r\n\r\n")[2])

    def advance(self, seconds: float) -> None:
        """Advance the clock."""
        self.ask("POST", "/__mock/clock", {"advance_seconds": seconds})

    def play(self) -> dict[str, bytes]:
        """Run the whole script, and return the server's records."""
        self.resources()
        self.tasks()
        self.runs()
        self.faults()
        assert b" 200 OK" in self.ask("PUT", "/__mock/world", WORLD.encode())
        self.resources()
        self.advance(2 * 3600)
        self.tasks()
        self.runs()
        return {each: self.ask("GET", f"/__mock/{each}") for each in RECORDS}

    def resources(self) -> None:
        """Get every list, page by page, and one resource of each type."""
        for name in (*LISTS, "tasks"):
            page = self.ask_json("GET", f"/v2/{name}?limit=3")
            self.ask("GET", f"/v2/{name}/{quote(page[name][0]['id'], safe='')}")
            if page["pagination"]["has_more"]:
                self.ask("GET", f"/v2/{name}?limit=3&cursor={quote(page['pagination']['next_cursor'], safe='')}")

    def tasks(self) -> None:
        """Create, change and delete tasks of all types; send refused and unknown requests."""
        for number, body in enumerate((PROJECT_TASK, DATASET_TASK, EXPERIMENT_TASK)):
            task = self.ask_json("POST", TASKS, {**body, "name": f"Story {number}"})
            self.ask("PATCH", task_path(task["id"]), {"name": f"Story {number}, again"})
            if number == 1:
                self.ask("DELETE", task_path(task["id"]))
        self.ask("POST", TASKS, {**PROJECT_TASK, "colour": 1, "name": ""})
        self.ask("POST", TASKS, b"{")
        self.ask("GET", task_path(UNKNOWN_TASK))
        self.ask("PUT", TASKS)
        self.ask("GET", "/v2/task")

    def runs(self) -> None:
        """Trigger runs that advance by the clock, by reads and by hand, with every outcome and with followers."""
        followers = [known.GOLDEN_REVIEW]
        trigger = task_path(known.NIGHTLY_SUMMARIES, "trigger")
        for number, lifecycle in enumerate(("time:10", "reads:2 failed", "immediate cancelled", "manual")):
            self.ask("PUT", "/__mock/lifecycle", {"default": lifecycle})
            body = {"experiment_name": f"story {number}", "evaluation_task_ids": followers}
            run = self.ask_json("POST", trigger, body)
            for _ in range(3):
                self.ask("GET", run_path(run["id"]))
                self.advance(6)
            self.ask("POST", f"/__mock/task-runs/{quote(run['id'], safe='')}/advance", {"to": "completed"})
            self.ask("POST", run_path(run["id"], "cancel"))
            self.ask("GET", f"{task_path(known.GOLDEN_REVIEW, 'runs')}?limit=2")
        run = self.ask_json("POST", task_path(known.CHAT_QUALITY, "trigger"), {})
        self.ask("POST", run_path(run["id"], "cancel"))

    def faults(self) -> None:
        """Arm each fault once, and reach a rate limit."""
        for number, fault in enumerate(FAULTS.values()):
            self.ask("POST", "/__mock/faults", {"script": f"times=2, {fault}"})
            self.ask("GET", f"{TASKS}?limit=2&name=i")
            self.ask("POST", TASKS, {**PROJECT_TASK, "name": f"Struck {number}"})
        self.ask("POST", "/__mock/faults", {"script": "times=1, status:429 retry_after=7"})
        self.ask("GET", TASKS)
        self.ask("PUT", "/__mock/limit", {"limit": "1/m"})
        self.ask("GET", TASKS)
        self.ask("GET", TASKS)
        self.ask("PUT", "/__mock/limit", {"limit": None})


@cache
def all_responses(seed: str, environment: int, name: str) -> tuple[list[bytes], dict[str, bytes]]:
    """Return all responses and records of a server process with this seed and contract."""
    with served("--seed", seed, "--contract", name, *FIXED, environment=ENVIRONMENTS[environment]) as (url, _):
        script = Script(url, name)
        records = script.play()
        return script.responses, records


@pytest.mark.programs
def test_the_same_seed_clock_and_script(contract: str) -> None:
    """Two processes return and record the same bytes, headers included; another seed gives others."""
    (one, journal), (other, others_journal) = (all_responses("7", environment, contract) for environment in (0, 1))
    different, _ = all_responses("8", 0, contract)

    assert [a for a, b in zip(one, other, strict=True) if a != b] == []
    assert journal == others_journal
    assert one != different


@pytest.mark.programs
def test_the_script_leaves_nothing_out(contract: str) -> None:
    """The script calls every operation, arms every fault, and has runs with every status."""
    answers, records = all_responses("7", 0, contract)
    exchanges = json.loads(records[JOURNAL].partition(b"\r\n\r\n")[2])["exchanges"]

    assert {each["operation"] for each in exchanges} - {None} == set(of(contract).operations)
    struck = " ".join(each["fault"] or "" for each in exchanges)
    assert [kind.value for kind in FaultKind if f"fault={kind.value}" not in struck] == []
    assert RESET in answers
    assert b"" in answers
    statuses = {status.decode().lower() for status in re.findall(rb'"status":"(\w+)"', b"".join(answers))}
    assert statuses >= {"pending", "running", "completed", "failed", "cancelled"}
    assert not [each for each in answers if each.startswith(b"HTTP/1.1 500")]

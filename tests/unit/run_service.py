"""A minimal server of one task's runs, with hooks for other callers, lost responses and odd echoes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from tests.dialects import off_the_wire
from tests.unit.support import CHAT_QUALITY, GOLDEN_SET, RUN, TASK, Json, Recorder, Sent, Stopwatch, answer, page

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

NOW = datetime(2026, 3, 10, 15, tzinfo=UTC)
START, END = NOW - timedelta(days=2), NOW - timedelta(days=1)
WINDOW: dict[str, Any] = {"data_start_time": START, "data_end_time": END}
# What servers send for no time at all.
NO_TIME = "0001-01-01T00:00:00Z"
OVER_DATASET: Json = {"project_id": None, "dataset_id": GOLDEN_SET, "is_continuous": False, "sampling_rate": None}
OF_EXPERIMENTS: Json = OVER_DATASET | {"type": "run_experiment", "evaluators": [], "run_configuration": None}


def text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class RunService:
    """The runs of one task.

    Attributes:
        now: the time, which `Date` shows and runs are created at; a request takes a millisecond.
        runs: the runs, from the first to the last.
        experiments: the experiments of the dataset.
        on_trigger: returns the response to a trigger in place of the usual one; it gets the new run.
        before_list: called before each list with the number of earlier lists, so that other clients can act.
        echo: the fields that runs repeat from the body of their trigger.
        lag: the lead over `Date` of the clock that creation times are taken from.
    """

    def __init__(self, **task: Any) -> None:
        self.now = NOW
        self.task: Json = TASK | {"is_continuous": False} | task
        self.runs: list[Json] = []
        self.experiments: list[Json] = []
        self.triggers: list[Json] = []
        self.cancelled: list[str] = []
        self.lists = 0
        self.on_trigger: Callable[[Json], httpx.Response] = lambda run: answer(run, 201)
        self.before_list: Callable[[int], None] = lambda _: None
        self.echo: Callable[[Json], Json] = lambda body: {
            name: text(datetime.fromisoformat(body[name]))
            for name in ("data_start_time", "data_end_time")
            if name in body
        }
        self.lag = timedelta()
        self.recorder = Recorder(self.handle)
        self.stopwatch = Stopwatch()

    def add(self, *, ago: timedelta = timedelta(hours=1), body: Json | None = None, **fields: Any) -> Json:
        """Add a triggered run, over the window of the tests unless another body is given."""
        if body is None:
            body = {name: text(moment) for name, moment in WINDOW.items()}
        number = len(self.runs)
        run = RUN | {"id": f"run {number}", "status": "pending", "run_started_at": None, "task_id": CHAT_QUALITY}
        run |= {"created_at": text(self.now + self.lag - ago)} | self.echo(body) | fields
        if run["status"] != "pending" and "run_started_at" not in fields:
            run["run_started_at"] = run["created_at"]
        self.runs.append(run)
        return run

    def handle(self, sent: Sent) -> httpx.Response:
        self.now += timedelta(milliseconds=1)
        response = self._answer(sent)
        response.headers["date"] = format_datetime(self.now.replace(microsecond=0), usegmt=True)
        return response

    def _answer(self, sent: Sent) -> httpx.Response:
        parts = sent.path.split("/")
        if sent.path.endswith("/trigger"):
            body = off_the_wire(json.loads(sent.body))
            self.triggers.append(body)
            return self.on_trigger(self.add(ago=timedelta(), body=body))
        if sent.path.endswith("/cancel"):
            return self._cancel(parts[-2].replace("%20", " "))
        if sent.path.endswith("/runs"):
            self.before_list(self.lists)
            self.lists += 1
            newest = sorted(self.runs, key=lambda run: run["created_at"], reverse=True)
            at, limit = int(sent.query.get("cursor", 0)), int(sent.query["limit"])
            more = at + limit < len(newest)
            return page("task_runs", *newest[at : at + limit], cursor=str(at + limit) if more else None)
        if parts[2] == "experiments":
            return page("experiments", *self.experiments)
        if parts[2] == "task-runs":
            return answer(next(run for run in self.runs if run["id"] == parts[-1].replace("%20", " ")))
        return answer(self.task)

    def _cancel(self, run_id: str) -> httpx.Response:
        run = next(run for run in self.runs if run["id"] == run_id)
        self.cancelled.append(run_id)
        if run["status"] not in {"pending", "running"}:
            return answer({"title": "Bad Request", "status": 400, "detail": "The run has already ended."}, 400)
        run["status"] = "cancelled"
        return answer(run)

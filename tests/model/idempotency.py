"""What was triggered is found again by the client: a call of `ensure_run`, and the plan of a backfill, trigger nothing.

The made-up requests have windows that no test would think of: odd zones, fractions, ends that are left out.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from axtasks import AmbiguousOutcomeError, AxClient, Clock, FutureTimeError, RetryPolicy, Timeouts

from tests.model.contract import is_beta
from tests.model.generator import KEY
from tests.model.request import RawRequest
from tests.model.rules_tasks import WINDOW, given, is_experiment
from tests.model.worlds import moment

if TYPE_CHECKING:
    from tests.model.exchange import Exchange, Server
    from tests.model.request import Request

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


class ServerTransport(httpx.BaseTransport):
    """A transport to the server that is tried."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the response."""
        target, _, query = request.url.raw_path.decode().partition("?")
        # The server is found elsewhere than the client takes it to be.
        headers = {name: value for name, value in request.headers.items() if name != "host"}
        reply = self._server.send(RawRequest(request.method, target, query, headers, request.read()))
        told = {name: value for name, value in reply.headers.items() if name.lower() != "transfer-encoding"}
        return httpx.Response(reply.status, headers=told, content=reply.body)


class VirtualTimeClient:
    """A client for which no time passes but that of its own waits."""

    def __init__(self, server: Server) -> None:
        self._now = 0.0
        self.http = httpx.Client(transport=ServerTransport(server))
        self.client = AxClient(
            api_key=KEY.removeprefix("Bearer "),
            contract="beta" if is_beta() else "documents",
            http_client=self.http,
            clock=Clock(monotonic=lambda: self._now, sleep=self._sleep),
            retry=RetryPolicy(attempts=1),
            timeout=Timeouts(total=2),
        )

    def _sleep(self, seconds: float) -> None:
        self._now += seconds


def repeated_triggers_find_their_run(exchange: Exchange) -> None:
    """Who makes the call of a trigger again by `ensure_run` finds its run, and triggers nothing."""
    request = exchange.request
    if request is None or request.name != "trigger_task_run" or not exchange.reply.is_ok:
        return
    caller = VirtualTimeClient(exchange.server)
    with caller.http:
        if is_experiment(request.task):
            _find_by_name(caller.client, request)
        elif "project" in request.task:
            _find_by_window(caller.client, exchange, request)
    changes = exchange.after.differences(exchange.server.snapshot())
    assert not changes, f"a call that was made again changed {changes}"


def _find_by_name(client: AxClient, request: Request) -> None:
    """The name is taken, by an experiment that is still to come."""
    with pytest.raises(AmbiguousOutcomeError) as caught:
        client.tasks.ensure_run(request.ids["task_id"], experiment_name=request.fields["experiment_name"])
    assert caught.value.attempts == 1, f"it was sent {caught.value.attempts} times"


def _find_by_window(client: AxClient, exchange: Exchange, request: Request) -> None:
    run, task = exchange.reply.json, request.ids["task_id"]
    # What was left out of the request is as the answer has it.
    start, end = (given(request, name) or moment(run[name]) for name in WINDOW)
    if start == end:
        # Of a task that ran just now, where no window was asked for; nobody can ask for an empty one.
        return
    if end > exchange.before.now.replace(microsecond=0) + SECOND:
        with pytest.raises(FutureTimeError, match="is in the future"):
            client.tasks.ensure_run(task, data_start_time=start, data_end_time=end)
        return
    ensured = client.tasks.ensure_run(task, data_start_time=start, data_end_time=end)
    assert ensured.outcome == "adopted", f"{run['id']} was not found: {ensured}"
    _check_window(ensured.run, start, end)
    if start.microsecond or end.microsecond or end - start < HOUR:
        return
    (planned,) = client.tasks.backfill(task, start=start, end=end, window=end - start).plan().windows
    assert planned.state == "running", f"{run['id']} was not found: {planned}"
    _check_window(planned.run, start, end)


def _check_window(found: Any, start: datetime, end: datetime) -> None:
    """An earlier run of nearly the same window is as good."""
    distances = abs(found.data_start_time - start), abs(found.data_end_time - end)
    assert max(distances) < SECOND, f"{found.id} is over {found.data_start_time} to {found.data_end_time}"

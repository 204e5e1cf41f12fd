"""Checks of idempotency: `ensure_run` and the plan of a backfill find a triggered run, and trigger nothing.

The generated windows are unusual: odd zones, fractions of seconds, absent ends.
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
from tests.model.worlds import parse_time

if TYPE_CHECKING:
    from tests.model.exchange import Exchange, Server
    from tests.model.request import Request

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


class ServerTransport(httpx.BaseTransport):
    """A transport to the server under test."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the response."""
        target, _, query = request.url.raw_path.decode().partition("?")
        # The client's base URL differs from the server's address.
        headers = {name: value for name, value in request.headers.items() if name != "host"}
        reply = self._server.send(RawRequest(request.method, target, query, headers, request.read()))
        headers = {name: value for name, value in reply.headers.items() if name.lower() != "transfer-encoding"}
        return httpx.Response(reply.status, headers=headers, content=reply.body)


class VirtualTimeClient:
    """A client whose time passes only by its own waits."""

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
    """Check that `ensure_run` with the arguments of a trigger finds its run and triggers nothing."""
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
    """Check that the experiment name is reported as taken by an experiment that does not exist yet."""
    with pytest.raises(AmbiguousOutcomeError) as caught:
        client.tasks.ensure_run(request.ids["task_id"], experiment_name=request.fields["experiment_name"])
    assert caught.value.attempts == 1, f"it was sent {caught.value.attempts} times"


def _find_by_window(client: AxClient, exchange: Exchange, request: Request) -> None:
    run, task = exchange.reply.json, request.ids["task_id"]
    # The response has the ends that the request left out.
    start, end = (given(request, name) or parse_time(run[name]) for name in WINDOW)
    if start == end:
        # The default window of a task that ran just now is empty. No caller can request an empty window.
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
    """Check that a run has nearly this window; an earlier run may have been found."""
    distances = abs(found.data_start_time - start), abs(found.data_end_time - end)
    assert max(distances) < SECOND, f"{found.id} is over {found.data_start_time} to {found.data_end_time}"

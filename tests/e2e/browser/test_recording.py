"""A HAR recording of a headless Chromium is compared with the contract; only fetched API responses count."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from axtasks.conformance import compare, load_contract, read_archive

if TYPE_CHECKING:
    from pathlib import Path

    from axtasks.mock import MockServer
    from playwright.sync_api import Browser, Route

pytestmark = [pytest.mark.one_door, pytest.mark.programs]
GATEWAY = "/gateway"
# Besides three exchanges: an OPTIONS request, and two requests without a response.
FETCHES = """async headers => {
  const get = async path => await (await fetch(path, { headers })).text();
  const { tasks } = JSON.parse(await get("/gateway/v2/tasks?limit=2"));
  await get(`/gateway/v2/tasks/${encodeURIComponent(tasks[0].id)}`);
  await get("/gateway/v2/tasks/VGFzazpub25l");
  await fetch("/gateway/v2/tasks", { headers, method: "OPTIONS" });
  await fetch("/gateway/v2/tasks?refused", { headers }).catch(() => null);
  await fetch("/gateway/v2/tasks?aborted", { headers, signal: AbortSignal.abort() }).catch(() => null);
}"""


@pytest.mark.parametrize("is_new", [False, True], ids=["as it is", "with a field that is new"])
def test_what_chromium_records_behind_a_gateway_is_compared(
    browser: Browser, server: MockServer, tmp_path: Path, *, is_new: bool
) -> None:
    recording = tmp_path / "chromium.har"
    if is_new:
        server.mock.faults.add("fault=extra-field")

    def forward(route: Route) -> None:
        if "refused" in route.request.url:
            route.abort()
        else:
            route.fulfill(response=route.fetch(url=route.request.url.replace(GATEWAY, "")))

    with browser.new_context(record_har_path=recording) as context:
        page = context.new_page()
        context.route(f"**{GATEWAY}/**", forward)
        page.goto(f"{server.url}/")
        page.evaluate(FETCHES, {"Authorization": "Bearer k3y-of-the-archive"})

    traffic = read_archive(json.loads(recording.read_text(encoding="utf-8")))

    found = {finding.kind for finding in compare(load_contract("documents"), traffic.exchanges)}
    assert found == ({"unknown field"} if is_new else set())
    assert [exchange.status for exchange in traffic.exchanges] == [200, 200, 400]
    assert (traffic.compared, traffic.uncompared, traffic.base_paths) == (3, [], (GATEWAY,))
    assert "k3y-of-the-archive" in traffic.secrets

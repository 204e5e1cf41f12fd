"""Tests of the published specification, which is fetched, stored, and compared with the last one."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from spec.published import main, renewed

if TYPE_CHECKING:
    from collections.abc import Iterator

SPEC: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "T", "version": "2.0.0"},
    "paths": {"/v2/tasks": {"get": {"operationId": "list_tasks", "responses": {"200": {"description": "d"}}}}},
}


class Publisher(ThreadingHTTPServer):
    """A server of one document; 404 without one."""

    document: dict[str, Any] | str | None = SPEC

    @property
    def url(self) -> str:
        """The URL of the document."""
        return f"http://127.0.0.1:{self.server_address[1]}/v2/spec.yaml"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Publisher)
        document = self.server.document
        content = document if isinstance(document, str) else json.dumps(document)
        self.send_response(404 if document is None else 200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content.encode())

    def log_message(self, *_: object) -> None:
        """Write no access log."""


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    """Yield the vendor's server."""
    with Publisher(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def options(publisher: Publisher, tmp_path: Path) -> list[str]:
    """Return the program's arguments."""
    store, report = tmp_path / "published.yaml", tmp_path / "build" / "report.md"
    return ["--url", publisher.url, "--store", str(store), "--report", str(report)]


@pytest.mark.programs
def test_changes_since_the_last_fetch_are_reported(publisher: Publisher, options: list[str], tmp_path: Path) -> None:
    report = tmp_path / "build" / "report.md"

    assert main(options) == 0
    assert "seen for the first time" in report.read_text(encoding="utf-8")
    assert main(options) == 0
    assert not report.exists()

    publisher.document = {**SPEC, "paths": {}}
    assert main(options) == 0
    assert "| `/v2/tasks` | Path `/v2/tasks` was removed | **breaking** | **breaking** |" in report.read_text(
        encoding="utf-8"
    )
    assert json.loads((tmp_path / "published.yaml").read_text(encoding="utf-8")) == publisher.document


def test_a_specification_without_a_version_is_kept(tmp_path: Path) -> None:
    report = renewed(b'{"info": "none", "paths": {}}', tmp_path / "published.yaml")

    assert "seen for the first time" in (report or "")


def test_a_specification_without_a_report_is_not_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next fetch reports the change once more."""
    store = tmp_path / "published.yaml"
    renewed(json.dumps(SPEC).encode(), store)
    monkeypatch.setattr("spec.published.compare", lambda *_: [])
    monkeypatch.setattr("spec.published.as_markdown", lambda _: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        renewed(b"{}", store)

    assert json.loads(store.read_text(encoding="utf-8")) == SPEC


@pytest.mark.parametrize(
    ("document", "says"),
    [
        pytest.param(None, "404", id="gone"),
        pytest.param("<html>Sign in</html>", "is not a contract", id="a page"),
    ],
)
def test_a_failed_fetch_is_reported_and_the_last_one_kept(
    publisher: Publisher,
    options: list[str],
    document: str | None,
    says: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(options) == 0
    publisher.document = document

    assert main(options) == 1

    assert says in capsys.readouterr().err
    store = Path(options[options.index("--store") + 1])
    assert json.loads(store.read_text(encoding="utf-8")) == SPEC

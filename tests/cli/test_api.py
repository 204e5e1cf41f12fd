"""Tests of `ax api`, which sends a custom request, prints the response, and maps its status to an exit code."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from axtasks.cli import main
from axtasks.mock import default_world as known
from axtasks.profiles import create_profile
from click.testing import CliRunner

from tests import planted
from tests.cli.support import NEW_TASK, RUN_CONFIGURATION
from tests.dialects import on_the_wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.support import Ax

TASK = f"/v2/tasks/{known.CHAT_QUALITY}"
NEW = json.dumps(
    {
        "name": NEW_TASK,
        "type": "run_experiment",
        "dataset_id": known.GOLDEN_SET,
        "run_configuration": json.loads(RUN_CONFIGURATION),
    }
)


@dataclass
class Scripted:
    """A server that gives one response, and records its requests."""

    status: int = 200
    content_type: str = "application/json"
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str, bytes, str | None]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    """Yield a scripted server on a free port."""
    script = Scripted()

    class Handler(BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline()
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            script.asked.append((self.command, self.path, body, self.headers.get("authorization")))
            self.send_response(script.status)
            self.send_header("content-type", script.content_type)
            self.send_header("content-length", str(len(script.body)))
            for name, value in script.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else script.body)

        def log_message(self, *_: object) -> None:
            """Write no access log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        script.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield script
        server.shutdown()
        thread.join()


class TestAgainstTheMock:
    def test_the_body_is_printed_as_indented_json(self, ax: Ax) -> None:
        finished = ax("api", "GET", TASK)

        assert finished.exit_code == 0
        assert finished.stdout == json.dumps(finished.json, indent=2, ensure_ascii=False) + "\n"
        assert finished.json["name"] == "Chat Quality Monitor"
        assert finished.stderr == ""

    @pytest.mark.parametrize(
        "arguments",
        [
            ["/v2/tasks", "--query-param", f"space_id={known.DEMO}", "--query-param", "limit=2"],
            [f"/v2/tasks?space_id={known.DEMO}&limit=2"],
            [f"/v2/tasks?space_id={known.DEMO}", "--query-param", "limit=2"],
        ],
        ids=["options", "in-the-path", "both"],
    )
    def test_query_parameters_are_sent(self, ax: Ax, arguments: list[str]) -> None:
        finished = ax("api", "GET", *arguments)

        assert len(finished.json["tasks"]) == 2
        assert finished.json["pagination"]["has_more"] is True

    @pytest.mark.parametrize("form", ["inline", "at-file", "file", "stdin"])
    def test_a_body_is_sent(self, ax: Ax, form: str) -> None:
        body = json.dumps(on_the_wire(json.loads(NEW)))
        (ax.folder / "new.json").write_text(body, encoding="utf-8")
        data = {"inline": body, "at-file": "@new.json", "file": "new.json", "stdin": "-"}[form]

        finished = ax("api", "post", "/v2/tasks", "--data", data, stdin=body)

        assert finished.exit_code == 0
        assert finished.json["name"] == NEW_TASK
        assert NEW_TASK in ax.task_names

    def test_an_answer_without_a_body_prints_nothing(self, ax: Ax) -> None:
        finished = ax("api", "DELETE", TASK)

        assert (finished.exit_code, finished.stdout, finished.stderr) == (0, "", "")
        assert ax("api", "GET", TASK).exit_code == 4

    def test_verbose_tells_the_status_on_standard_error(self, ax: Ax) -> None:
        finished = ax("api", "GET", TASK, "-v")

        assert finished.stderr == "200 OK\n"
        assert finished.json["id"] == known.CHAT_QUALITY

    def test_a_refusal_prints_the_body_and_says_what_failed(self, ax: Ax) -> None:
        finished = ax("api", "PATCH", TASK, "--data", "{}")

        assert finished.exit_code == 4
        assert finished.json["status"] == 400
        first, second = finished.stderr.splitlines()
        assert first.startswith(f"Error: PATCH {TASK} was answered with 400 Bad Request: ")
        assert finished.json["detail"] in first
        assert second == "The body says what the server does not accept."

    def test_a_refusal_without_a_body_says_so(self, ax: Ax) -> None:
        finished = ax("api", "HEAD", "/v2/tasks")

        assert (finished.exit_code, finished.stdout) == (4, "")
        assert finished.stderr.endswith("The answer has no body.\n")

    def test_no_answer_has_its_own_exit_code(self, ax: Ax, scripted: Scripted) -> None:
        free = scripted.url.rpartition(":")[0] + ":9"

        assert ax("api", "GET", TASK, "--base-url", free).exit_code == 8


class TestExitCodes:
    @pytest.mark.parametrize(
        ("status", "code", "said"),
        [
            (200, 0, ""),
            (204, 0, ""),
            (302, 4, "302 Found"),
            (400, 4, "400 Bad Request"),
            (401, 3, "Check the API key"),
            (403, 3, "Ask for the permission"),
            (404, 4, "Check the path and the id"),
            (429, 4, "Wait, then try again."),
            (500, 4, "500 Internal Server Error"),
            (599, 4, "was answered with 599\n"),
        ],
    )
    def test_the_status_decides(self, ax: Ax, scripted: Scripted, status: int, code: int, said: str) -> None:
        scripted.status = status
        scripted.headers = {"location": "/elsewhere"}
        scripted.body = b"" if status == 204 else b'{"a": 1}'

        finished = ax("api", "GET", "/v2/x", "--base-url", scripted.url)

        assert finished.exit_code == code
        assert said in finished.stderr
        assert finished.stdout == ("" if status == 204 else '{\n  "a": 1\n}\n')
        assert len(scripted.asked) == 1

    @pytest.mark.parametrize(
        ("body", "told"),
        [
            (b'{"title": "Gone wrong", "detail": null}', ": Gone wrong"),
            (b'{"detail": "bad\\u001b[31m"}', r": bad\x1b[31m"),
            (b'{"detail": ["a"]}', ": ['a']"),
            (b'["a"]', ""),
            (b"<html>", ""),
            (b"", ""),
        ],
        ids=["title", "steering", "list", "array", "html", "empty"],
    )
    def test_the_error_has_the_detail_there_is(self, ax: Ax, scripted: Scripted, body: bytes, told: str) -> None:
        scripted.status, scripted.body = 400, body

        finished = ax("api", "GET", "/v2/x", "--base-url", scripted.url)

        assert finished.stderr.splitlines()[0] == f"Error: GET /v2/x was answered with 400 Bad Request{told}"

    @pytest.mark.parametrize(
        "arguments",
        [
            pytest.param("GET", id="no path"),
            pytest.param("FETCH /v2/tasks", id="no method"),
            pytest.param("GET v2/tasks", id="no slash"),
            pytest.param("GET https://elsewhere.example/v2/tasks", id="another server"),
            pytest.param("GET //elsewhere.example/v2/tasks", id="another server without scheme"),
            pytest.param("GET /v2/../admin", id="upwards"),
            pytest.param("GET /v2/tasks --query-param limit", id="no value"),
            pytest.param("GET /v2/tasks --query-param =5", id="no name"),
            pytest.param("GET /v2/tasks --query-param a=1 --query-param a=2", id="twice"),
            pytest.param("POST /v2/tasks --data {", id="no JSON"),
            pytest.param('POST /v2/tasks --data {"a":1,"a":2}', id="a field twice in the body"),
            pytest.param("POST /v2/tasks --data nowhere.json", id="no file"),
            pytest.param("POST /v2/tasks --data @nowhere.json", id="no file after all"),
        ],
    )
    def test_wrong_use_is_refused_before_anything_is_sent(self, ax: Ax, scripted: Scripted, arguments: str) -> None:
        finished = ax("api", *arguments.split(), "--base-url", scripted.url)

        assert finished.exit_code == 2
        assert finished.stdout == ""
        assert scripted.asked == []


class TestWhatIsSent:
    def test_method_path_body_and_key_arrive(self, ax: Ax, scripted: Scripted) -> None:
        ax("api", "put", "/v3/new/thing?x=a%20b", "--query-param", "y=c=d", "--data", "[1]", "--base-url", scripted.url)

        [(method, path, body, key)] = scripted.asked
        assert (method, body, key) == ("PUT", b"[1]", f"Bearer {planted.COMMAND_LINE}")
        assert path.replace("+", "%20") in {"/v3/new/thing?x=a%20b&y=c%3Dd", "/v3/new/thing?x=a%20b&y=c=d"}

    def test_no_body_is_sent_unless_there_is_one(self, ax: Ax, scripted: Scripted) -> None:
        ax("api", "POST", "/v2/x", "--base-url", scripted.url)

        assert scripted.asked[0][2] == b""

    def test_a_redirect_is_not_followed(self, ax: Ax, scripted: Scripted) -> None:
        scripted.status, scripted.headers = 307, {"location": f"{scripted.url}/elsewhere"}

        ax("api", "POST", "/v2/x", "--data", "{}", "--base-url", scripted.url)

        assert [path for _, path, _, _ in scripted.asked] == ["/v2/x"]


class TestWhatIsPrinted:
    @pytest.mark.parametrize(
        ("body", "printed"),
        [
            (b"plain text", b"plain text"),
            (b"\x89PNG\r\n\x00", b"\x89PNG\r\n\x00"),
            (b"{broken", b"{broken"),
            (b'{"a": NaN}', b'{"a": NaN}'),
            (b'{"a": 1e999}', b'{"a": 1e999}'),
            (b"[" * 100_000, b"[" * 100_000),
            ('{"a":"é"}'.encode(), '{\n  "a": "é"\n}\n'.encode()),
            (b'{"a":"\\u009b\\ud800"}', b'{\n  "a": "\\u009b\\ud800"\n}\n'),
            (b"null", b"null\n"),
        ],
        ids=["text", "binary", "broken", "nan", "huge", "deep", "unicode", "steering", "null"],
    )
    @pytest.mark.usefixtures("ax")
    def test_json_is_indented_and_all_else_is_left_as_it_came(
        self, scripted: Scripted, body: bytes, printed: bytes
    ) -> None:
        scripted.body = body

        finished = CliRunner().invoke(main, ["api", "GET", "/v2/x", "--base-url", scripted.url])

        assert finished.exit_code == 0
        assert finished.stdout_bytes == printed

    def test_on_a_terminal_nothing_can_steer_it(
        self, ax: Ax, scripted: Scripted, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("axtasks.cli.commands.api.is_terminal", lambda: True)
        scripted.body = b"one\x1b[2J\ntwo\xff"

        finished = ax("api", "GET", "/v2/x", "--base-url", scripted.url)

        assert finished.stdout == "one\\x1b[2J\ntwo\\xff\n"


def test_the_key_never_appears(ax: Ax, scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARIZE_API_KEY", "planted-key-77aa")

    for status in (200, 401, 500):
        scripted.status = status
        for extra in ([], ["-v"], ["--debug"], ["-v", "--debug"]):
            finished = ax("api", "GET", "/v2/x", "--base-url", scripted.url, *extra)
            assert "planted-key-77aa" not in finished.stdout + finished.stderr


def test_help_has_examples_that_work(ax: Ax) -> None:
    shown = ax("api", "--help").stdout
    examples = [line.strip() for line in shown.partition("Examples:")[2].splitlines() if line.strip()]

    assert examples
    for example in examples:
        assert ax(*shlex.split(example)[1:]).exit_code == 0


def test_a_profile_provides_key_and_server(ax: Ax, scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ARIZE_API_KEY", "ARIZE_API_HOST", "ARIZE_API_SCHEME"):
        monkeypatch.delenv(name)
    host = scripted.url.removeprefix("http://")
    create_profile("local", {"api_key": "key-of-profile", "api_host": host, "api_scheme": "http"})
    scripted.body = b"{}"

    assert ax("api", "GET", "/v2/x", "--profile", "local").exit_code == 0
    assert scripted.asked[0][3] == "Bearer key-of-profile"

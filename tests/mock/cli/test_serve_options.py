"""Options of `ax mock serve`: the world, the clock, the keys, and the state file."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from axtasks.mock import Clock, Mock, MockRequest, MockResponse
from axtasks.mock.cli import serve as cli
from axtasks.mock.messages import Delivery, Ending
from axtasks.mock.serving.access_log import LoggedMock, line
from axtasks.mock.storage import StateFile
from click.testing import CliRunner

from tests.mock.processes import served
from tests.mock.support import NOW, TASKS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.mock.support import Json

FIXED = ("--clock-start", "2026-03-10T15:00:00Z", "--frozen")
WORLD = """
spaces: [{name: mine}]
projects: [{name: web}]
evaluators: [{name: E}]
tasks: [{count: 3, name: "t-{n}", project: web, evaluators: [E]}]
"""


def send(url: str, method: str = "GET", body: Json = None, *, key: str = "some-key") -> tuple[int, bytes, str | None]:
    """Return the status, the body and the date of a response."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    try:
        with urlopen(Request(url, data, headers, method=method), timeout=20) as answer:  # noqa: S310  # loopback
            return answer.status, answer.read(), answer.headers["Date"]
    except HTTPError as error:
        with error:
            return error.code, error.read(), error.headers["Date"]


@pytest.mark.programs
def test_a_restart_loads_the_kept_state(tmp_path: Path) -> None:
    """The first start loads the world file, a restart the kept state; a reset loads the file again."""
    world, state = tmp_path / "world.yaml", tmp_path / "mock.state"
    world.write_text(WORLD, encoding="utf-8")
    options = ("--world", str(world), "--state", str(state), *FIXED)
    with served(*options) as (url, _):
        (project,) = json.loads(send(f"{url}/v2/projects")[1])["projects"]
        (evaluator,) = json.loads(send(f"{url}/v2/evaluators")[1])["evaluators"]
        body = {
            "name": "kept",
            "type": "template_evaluation",
            "project_id": project["id"],
            "evaluators": [{"evaluator_id": evaluator["id"]}],
        }
        assert send(url + TASKS, "POST", body)[0] == 201
        send(f"{url}/__mock/clock", "POST", {"advance_seconds": 60})
        before = send(f"{url}/__mock/world")[1]

    with served(*options) as (url, _):
        assert send(f"{url}/__mock/world")[1:] == (before, "Tue, 10 Mar 2026 15:01:00 GMT")
        send(f"{url}/__mock/reset", "POST")
        tasks = json.loads(send(url + TASKS)[1])["tasks"]

    assert [task["name"] for task in tasks] == ["t-3", "t-2", "t-1"]


@pytest.mark.programs
@pytest.mark.parametrize(
    ("options", "named"),
    [
        pytest.param(["--world", "world.yaml"], "--world", id="one"),
        pytest.param(
            ["--clock-start", "2020-01-01T00:00:00Z", "--seed", "7", "--world", "world.yaml"],
            "--world, --seed and --clock-start",
            id="three",
        ),
        pytest.param(["--clock-start", "2030-01-01T00:00:00Z", "--seed", "0"], None, id="as they say"),
    ],
)
def test_options_that_a_kept_state_overrides_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], named: str | None
) -> None:
    """Options that the kept state overrides are named once at the start."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "world.yaml").write_text(WORLD, encoding="utf-8")
    with StateFile(tmp_path / "mock.state") as store:
        Mock(clock=Clock(NOW, frozen=True), store=store)
    with served("--state", "mock.state", "--frozen", *options) as (_, written):
        pass

    said = f"Going on from the state in mock.state, which goes before {named}\n"
    assert written[1] == (said if named else "")


@pytest.mark.programs
def test_a_new_state_file_overrides_no_options(tmp_path: Path) -> None:
    """With a new state file nothing is reported, whatever the options."""
    with served("--state", str(tmp_path / "mock.state"), "--seed", "7", *FIXED) as (_, written):
        pass

    assert written[1] == ""


@pytest.mark.programs
@pytest.mark.parametrize(
    ("options", "status"),
    [
        ((), 403),
        (("--control-from", "nobody"), 403),
        (("--control-from", "any", "--control-token", "t-1"), 200),
        (("--control-from", "any", "--control-token", "t-2"), 401),
    ],
    ids=["default", "nobody", "any", "any-without-token"],
)
def test_access_to_the_admin_api(options: tuple[str, ...], status: int) -> None:
    """The admin API is open to this machine by default, and with `any` to every client with the token."""
    with served(*options) as (url, _):
        headers = {"Host": "mock.example", "Authorization": "Bearer t-1"}
        request = Request(f"{url}/__mock/health", headers=headers)  # noqa: S310  # loopback
        try:
            with urlopen(request, timeout=20) as answer:  # noqa: S310  # loopback
                found = answer.status
        except HTTPError as error:
            with error:
                found = error.code

    assert found == status


@pytest.mark.programs
def test_a_token_is_made_and_printed() -> None:
    """With `any` and no given token, a token is generated and printed."""
    with served("--control-from", "any") as (_, written):
        pass

    assert re.fullmatch(r"Control token: [\w-]{32}\n", written[1])


@pytest.mark.programs
def test_keys_and_log() -> None:
    """Only the given keys are let in; the log has one line for each request, and no secret."""
    with served("--api-key", "first-secret", "--api-key", "second-secret", "--log") as (url, written):
        statuses = [send(f"{url}{TASKS}?name=q-secret", key=key)[0] for key in ("first-secret", "second-secret", "k")]
        send(f"{url}/v2/t%C3%A4sks", key="first-secret")

    assert statuses == [200, 200, 401]
    pattern = r"GET (\S+) (\d{3}) \d+\.\dms (req_\d{6})"
    found = [re.fullmatch(pattern, each) for each in written[1].splitlines()]
    assert [each.groups() for each in found if each] == [
        ("/v2/tasks", "200", "req_000001"),
        ("/v2/tasks", "200", "req_000002"),
        ("/v2/tasks", "401", "req_000003"),
        ("/v2/t%C3%A4sks", "404", "req_000004"),
    ]
    assert "secret" not in "".join(written)


@pytest.mark.parametrize(
    ("options", "content", "message"),
    [
        (["--world"], "spaces:\n- name: demo\n- nam: x\n", ":3: spaces[1]"),
        (["--world"], "extends: default\ntasks:\n- {name: T, project: x}\n", ":3: tasks[0].project: no project is"),
        (["--world"], None, "cannot be read: No such file"),
        (["--state"], "spaces: []\n" * 100, "is not a state file, or a damaged one"),
    ],
    ids=["shape", "semantics", "no world", "no state"],
)
def test_unusable_files(tmp_path: Path, options: list[str], content: str | None, message: str) -> None:
    """A file that cannot be used ends the command with one line, with the place and the reason."""
    file = tmp_path / "file.yaml"
    if content is not None:
        file.write_text(content, encoding="utf-8")

    result = CliRunner().invoke(cli.group, ["serve", "--port", "0", *options, str(file)])

    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert len(result.output.splitlines()) == 1
    assert f"{file}" in result.output
    assert message in result.output


@pytest.mark.parametrize(
    ("option", "message"),
    [
        (["--clock-start", "2026-03-10"], "'2026-03-10' is no date and time with an offset"),
        (["--seed", "x"], "'x' is not a valid integer"),
        (["--api-key", " hidden "], "an API key has to be text without blanks around it"),
        (["--api-key", "hidden", "--api-key", "hidden"], "the same API key is listed more than once"),
    ],
    ids=["clock", "seed", "blank key", "key twice"],
)
def test_impossible_options(option: list[str], message: str) -> None:
    """Invalid options are usage errors, which do not show a key."""
    result = CliRunner().invoke(cli.group, ["serve", *option])

    assert result.exit_code == 2
    assert message in result.output
    assert "hidden" not in result.output


@pytest.mark.parametrize(
    ("option", "message"),
    [
        (["--host", ""], "cannot listen on :0: the host is empty, which would be every address of this machine"),
        (["--host", "é..b"], "cannot listen on é..b:0: encoding of hostname failed"),
        (["--clock-start", "9999-01-01T00:00:00Z"], "the clock starts between 1000-01-01"),
    ],
    ids=["no host", "host", "clock"],
)
def test_options_with_which_no_server_can_start(option: list[str], message: str) -> None:
    """An option with which the server cannot start ends the command with one line."""
    result = CliRunner().invoke(cli.group, ["serve", "--port", "0", *option])

    assert result.exit_code == 1
    assert result.output.startswith(f"Error: {message}")
    assert len(result.output.splitlines()) == 1


@pytest.mark.parametrize(
    ("method", "path", "status", "expected"),
    [
        ("GET", "/v2/tasks", 200, "GET /v2/tasks 200 1.5ms req_1"),
        ("DELETE", "/a\n\x1b[31mb", 404, "DELETE /a%0A%1B%5B31mb 404 1.5ms req_1"),
        ("G\nT", "/", 405, "? / 405 1.5ms req_1"),
        ("GET", "/", 0, "GET / 000 1.5ms -"),
    ],
    ids=["plain", "control characters", "odd method", "no answer"],
)
def test_lines(method: str, path: str, status: int, expected: str) -> None:
    """A request is logged in one line, whatever characters it has."""
    response = MockResponse(status, (("X-Request-Id", "req_1"),) if status else ())

    assert line(MockRequest(method, path, "key=secret"), response, 1.52) == expected


def test_the_line_of_a_response_that_a_fault_drops() -> None:
    """The request is carried out and its response dropped: the status in the log is 000."""
    response = MockResponse(201, (("X-Request-Id", "req_1"),), b"{}", Delivery(ending=Ending.DROPPED))

    assert line(MockRequest("POST", "/v2/tasks"), response, 1.52) == "POST /v2/tasks 000 1.5ms req_1"


@pytest.mark.one_door
def test_logging_changes_no_response(capsys: pytest.CaptureFixture[str]) -> None:
    """Logging does not change a response."""
    request = MockRequest("GET", "/v2/nothing")

    assert LoggedMock().handle(request).body == Mock().handle(request).body
    assert capsys.readouterr().err.startswith("GET /v2/nothing 401 ")


@pytest.mark.one_door
def test_a_log_that_nobody_reads_any_more_changes_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader of a pipe may end before the mock does, as in `ax mock serve --log 2>&1 | head`."""

    class Unread(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    monkeypatch.setattr("sys.stderr", Unread())

    assert LoggedMock().handle(MockRequest("GET", "/v2/nothing")).status == 401

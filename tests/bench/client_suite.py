"""Benchmarks of the client and its command line: start, calls, pages, concurrency, requests and delay.

They are compared with bare httpx and urllib3 and, if `build/interop` has them, the vendor's SDK and command line.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

from axtasks.mock import Mock, MockRequest
from axtasks_api import operation as reading
from axtasks_api.operations import operation

from tests.bench import caller, played, servers
from tests.bench.harness import Group, Measure
from tests.e2e.interop.command import PROFILE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PEERS = Path("build/interop/documents/bin")
CALLER = str(Path(__file__).with_name("caller.py"))
PASS, HTTPX, URLLIB3 = "python -c pass", "bare httpx", "bare urllib3"
FACADE, FAST = "this client", "this client, [fast]"
VENDOR, VENDOR_THREADS = "the vendor's SDK", "the vendor's SDK, 50 threads"
AX, VENDORS_AX = "this command line", "the vendor's command line"
GETS, PAGES, MANY = 1500, 150, 1500
DECODED = 60


@contextmanager
def suite() -> Iterator[list[Group]]:
    """Yield all groups, with a mock running."""
    os.environ.setdefault("ARIZE_TASKS_NO_ALPHA_WARNING", "1")
    has_peers = (PEERS / "ax").exists()
    if not has_peers:
        print(f"{PEERS} is not there: the table goes without the vendor's; PEERS=1 installs it", file=sys.stderr)
    with servers.running(servers.mock) as server, tempfile.TemporaryDirectory() as home:
        url = f"http://{servers.HOST}:{server.port}"
        yield [
            *_starts(url, has_peers=has_peers),
            *_commands(url, Path(home), has_peers=has_peers),
            *_calls(url, has_peers=has_peers),
            *_many(url, has_peers=has_peers),
            _decoding(),
            *played.requests(),
            *played.waiting(),
        ]


def _starts(url: str, *, has_peers: bool) -> Iterator[Group]:
    bare = "import httpx; client = httpx.Client()"
    facade = f"from axtasks import AxClient; ax = AxClient(api_key='{caller.KEY}', base_url='{url}')"
    scheme, _, host = url.partition("://")
    sdk = (
        "from arize import ArizeClient;"
        f" tasks = ArizeClient(api_key='{caller.KEY}', api_host='{host}', api_scheme='{scheme}').tasks"
    )
    got = f"{bare}; client.get('{url}{caller.RUN}', headers={caller.HEADERS!r}).json()"
    for what, nothing, ours, theirs in (
        ("import and construction", bare, facade, sdk),
        (
            "the same, and the first run got",
            got,
            f"{facade}; ax.tasks.get_run('{caller.RUN_ID}')",
            f"{sdk}; tasks.get_run(run_id='{caller.RUN_ID}')",
        ),
    ):
        programs = {PASS: [sys.executable, "-c", "pass"], HTTPX: [sys.executable, "-c", nothing]}
        programs[FACADE] = [sys.executable, "-c", ours]
        if has_peers:
            programs[VENDOR] = [str(PEERS / "python"), "-c", theirs]
        yield Group(what, "ms", HTTPX, {name: partial(cpu_milliseconds, each) for name, each in programs.items()})


def _commands(url: str, home: Path, *, has_peers: bool) -> Iterator[Group]:
    own = [sys.executable, "-c", "from axtasks.cli import main; main()"]
    environment = {**os.environ, "HOME": str(home), "ARIZE_API_KEY": caller.KEY}
    if has_peers:
        _write_profile(home, url)
    scheme, _, host = url.partition("://")
    told = {**environment, "ARIZE_API_HOST": host, "ARIZE_API_SCHEME": scheme}
    for words in (["--help"], ["tasks", "--help"], ["tasks", "list"]):
        cases: dict[str, Measure] = {
            PASS: partial(cpu_milliseconds, [sys.executable, "-c", "pass"]),
            AX: partial(cpu_milliseconds, [*own, *words], told),
        }
        if has_peers:
            cases[VENDORS_AX] = partial(cpu_milliseconds, [str(PEERS / "ax"), *words], environment)
        yield Group(" ".join(["ax", *words]), "ms", PASS, cases)


def _write_profile(home: Path, url: str) -> None:
    scheme, _, host = url.partition("://")
    profiles = home / ".arize" / "profiles"
    profiles.mkdir(parents=True)
    (profiles / "interop.toml").write_text(PROFILE.format(host=host, scheme=scheme), encoding="utf-8")
    (home / ".arize" / ".active_profile").write_text("interop", encoding="utf-8")


def _calls(url: str, *, has_peers: bool) -> Iterator[Group]:
    for what, way, count in (("a warm get_run", "get", GETS), ("a page of 100 tasks", "page", PAGES)):
        ways = {HTTPX: f"httpx-{way}", FACADE: f"facade-{way}", FAST: f"fast-{way}"}
        cases: dict[str, Measure] = {name: partial(called, each, url, count) for name, each in ways.items()}
        if has_peers:
            cases[URLLIB3] = partial(called, f"urllib3-{way}", url, count, python=str(PEERS / "python"))
            cases[VENDOR] = partial(called, f"sdk-{way}", url, count, python=str(PEERS / "python"))
        yield Group(f"{what}, CPU", "µs", HTTPX, cases)


def _many(url: str, *, has_peers: bool) -> Iterator[Group]:
    cases: dict[str, Measure] = {
        f"{HTTPX}, 50": partial(called, "httpx-50", url, MANY // 5),
        **{
            f"{client}, {number}": partial(called, f"{way}-{number}", url, MANY)
            for client, way in ((FACADE, "facade"), (FAST, "fast"))
            for number in (10, 50, 200)
        },
    }
    if has_peers:
        cases[VENDOR_THREADS] = partial(called, "sdk-50", url, MANY, python=str(PEERS / "python"))
    baseline = VENDOR_THREADS if has_peers else f"{FACADE}, 10"
    yield Group("get_run, many at once", "calls/s", baseline, cases, turns=3)


def _decoding() -> Group:
    request = MockRequest("GET", "/v2/tasks", "limit=100", tuple(caller.HEADERS.items()))
    body = Mock().handle(request).body
    decode = operation("list_tasks").decode
    headers = {"content-type": "application/json"}
    alone = "json.loads of the same"
    models = partial(decode, 200, headers, body)

    def without_fast() -> float:
        with mock.patch.object(reading, "_reader_of_large", return_value=json.loads):
            return caller.cpu_microseconds(models, DECODED)

    return Group(
        "a page of 100 tasks decoded",
        "µs",
        alone,
        {
            alone: partial(caller.cpu_microseconds, partial(json.loads, body), DECODED),
            "models": without_fast,
            "models, [fast]": partial(caller.cpu_microseconds, models, DECODED),
        },
        turns=25,
    )


def cpu_milliseconds(command: Sequence[str], environment: Mapping[str, str] | None = None) -> float:
    """Return the processor time of a program from start to end.

    Raises:
        CalledProcessError: it failed.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def called(way: str, url: str, count: int, *, python: str = sys.executable) -> float:
    """Return the figure that `caller` prints in a process of its own.

    Args:
        way: the way to call; see `caller`.
        url: the URL of the server.
        count: the number of calls.
        python: the interpreter of the environment with the library of that way.

    Raises:
        CalledProcessError: a call failed.
    """
    with subprocess.Popen([python, CALLER, way, url, str(count)], stdout=subprocess.PIPE, text=True) as process:
        servers.pin(process.pid, -1)
        printed, _ = process.communicate()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    # What it calls with may have had something to say first.
    return float(printed.splitlines()[-1])

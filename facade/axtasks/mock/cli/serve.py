"""The command group `ax mock`. The server and what it needs are imported when a command runs, not before."""

from __future__ import annotations

import importlib
import json
import math
import operator
import signal
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Literal

import click
from click.core import ParameterSource

from axtasks.extras import install_command
from axtasks.mock import missing_libraries
from axtasks.mock.contract.contract import DOCUMENTS, NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from axtasks.mock.mock import Mock
    from axtasks.mock.serving.server import MockServer
    from axtasks.mock.world.api_keys import ApiKey

Texts = str | tuple[str, ...] | None

DEFAULT_PORT = 8765
CHECK_SECONDS = 1.0
TIMEOUT_SECONDS = 600


def _readable_by(module: str, reader: str) -> Callable[[click.Context, click.Parameter, Texts], Texts]:
    """Return a callback that refuses texts which a function of the mock cannot read, imported when there are any."""

    def check(_: click.Context, __: click.Parameter, given: Texts) -> Texts:
        for text in (given,) if isinstance(given, str) else () if given is None else given:
            try:
                operator.attrgetter(reader)(importlib.import_module(module))(text)
            except ValueError as error:
                raise click.BadParameter(str(error)) from error
        return given

    return check


def _number(_: click.Context, __: click.Parameter, value: float | None) -> float | None:
    """The value, which is a number: every range lets nan pass."""
    if value is not None and math.isnan(value):
        raise click.BadParameter("nan is not a number.")
    return value


def _moment(_: click.Context, __: click.Parameter, text: str | None) -> datetime | None:
    """The moment that an option names."""
    from axtasks.mock.clock import read_date_time

    moment = None if text is None else read_date_time(text)
    if text is not None and moment is None:
        raise click.BadParameter(f"{text!r} is no date and time with an offset, such as 2026-03-10T15:00:00Z")
    return moment


def _keys(_: click.Context, __: click.Parameter, texts: tuple[str, ...]) -> tuple[ApiKey, ...]:
    """The keys; what is wrong with one is told without it."""
    from axtasks.mock.world.api_keys import ApiKey, distinct

    try:
        return distinct(ApiKey(text) for text in texts)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.group(name="mock", context_settings={"help_option_names": ["-h", "--help"]})
def group() -> None:
    """Run a mock of the Tasks API, for work without an account or a network."""


@group.command(
    epilog="\b\nExamples:\n"
    "  ax mock serve --port 0 --run-seconds 0\n"
    "  ax mock serve --lifecycle 'reads:3 failed' --fault 'times=2, operation=get_task_run, fault=status:503'"
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=DEFAULT_PORT,
    show_default=True,
    help="Port to listen on; 0 picks a free one.",
)
@click.option(
    "--run-seconds",
    type=click.FloatRange(0, 1_000_000_000),
    metavar="SECONDS",
    callback=_number,
    help="Seconds from the trigger of a run to its end; 2 by default.",
)
@click.option(
    "--lifecycle",
    metavar="TEXT",
    callback=_readable_by("axtasks.mock.world.lifecycle", "parse"),
    help="Lifecycle of runs instead: immediate, time:SECONDS, reads:N or manual; with their end: 'reads:3 failed'.",
)
@click.option(
    "--fault",
    "faults",
    metavar="TEXT",
    multiple=True,
    callback=_readable_by("axtasks.mock.faults.fault", "parse"),
    help="Script of a fault, such as 'times=2, operation=get_task, fault=status:503'. Can be given several times.",
)
@click.option(
    "--chaos",
    "chaos_rate",
    type=click.FloatRange(0, 1),
    callback=_number,
    default=0.0,
    show_default=True,
    metavar="SHARE",
    help="Share of requests that go wrong by chance, with faults of every kind; --seed decides which.",
)
@click.option(
    "--latency",
    type=click.FloatRange(0, 86_400),
    callback=_number,
    default=0.0,
    show_default=True,
    metavar="SECONDS",
    help="Delay of every response of the API.",
)
@click.option(
    "--limit",
    metavar="N/s",
    callback=_readable_by("axtasks.mock.faults.rate_limit", "Limit.parse"),
    help="Requests that are let in per second, minute (/m) or hour (/h); the others get 429.",
)
@click.option(
    "--control-from",
    type=click.Choice(["loopback", "any", "nobody"]),
    default="loopback",
    show_default=True,
    help="Users of the mock's own operations below /__mock/: programs on this machine, anyone with the token, or "
    "nobody, as behind a proxy.",
)
@click.option(
    "--control-token",
    envvar="AX_MOCK_CONTROL_TOKEN",
    metavar="TEXT",
    help="The token that the mock's own operations take; one is made and printed with --control-from any. "
    "Also read from AX_MOCK_CONTROL_TOKEN.",
)
@click.option(
    "--allow-host",
    "allow_hosts",
    metavar="NAME",
    multiple=True,
    help="A name that the API answers under, besides those of this machine and --host. Can be given several times.",
)
@click.option(
    "--cors",
    metavar="ORIGIN",
    multiple=True,
    callback=_readable_by("axtasks.mock.serving.cors", "read_origin"),
    help="Let web pages of this origin use the API, such as http://localhost:3000 (* for any). Can be repeated.",
)
@click.option("--lenient", is_flag=True, help="Let query parameters pass that an operation does not have.")
@click.option(
    "--contract",
    type=click.Choice(NAMES),
    default=DOCUMENTS,
    show_default=True,
    help="Contract of the API: that of the documents, or that of its beta.",
)
@click.option(
    "--world",
    "world_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="World at the start, as YAML or JSON; without it, the default world.",
)
@click.option(
    "--state",
    "state_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Keep the state in this file, and go on from what is in it; it takes precedence over --world, --clock-start "
    "and --seed, to which a reset leads back.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of all that is random.")
@click.option(
    "--clock-start",
    metavar="TIME",
    callback=_moment,
    help="The time at the start, such as 2026-03-10T15:00:00Z; without it, the real time.",
)
@click.option("--frozen", is_flag=True, help="Let the clock stand still until it is moved.")
@click.option(
    "--api-key",
    "keys",
    metavar="KEY",
    multiple=True,
    callback=_keys,
    help="Let in this API key, and no others but those given the same way.",
)
@click.option("--log", is_flag=True, help="Write a line on stderr for every request.")
def serve(
    *,
    host: str,
    port: int,
    run_seconds: float | None,
    lifecycle: str | None,
    faults: tuple[str, ...],
    chaos_rate: float,
    latency: float,
    limit: str | None,
    lenient: bool,
    control_from: Literal["loopback", "any", "nobody"],
    control_token: str | None,
    allow_hosts: tuple[str, ...],
    cors: tuple[str, ...],
    contract: str,
    world_file: Path | None,
    state_file: Path | None,
    seed: int,
    clock_start: datetime | None,
    frozen: bool,
    keys: tuple[ApiKey, ...],
    log: bool,
) -> None:
    """Serve the mock until it is interrupted.

    Prints where it listens once it accepts connections. POST /__mock/reset starts over. Without --state
    all is kept in memory alone.
    """
    if run_seconds is not None and lifecycle is not None:
        raise click.UsageError("--run-seconds and --lifecycle say the same thing: give one of them")
    if missing := missing_libraries():
        raise click.ClickException(f"the mock server needs {', '.join(missing)}: {install_command('mock')}")
    from axtasks.mock.clock import Clock
    from axtasks.mock.faults.chaos import chaos
    from axtasks.mock.mock import Mock
    from axtasks.mock.serving.access_log import LoggedMock
    from axtasks.mock.serving.server import MockServer

    with ExitStack() as stack:
        try:
            clock = Clock(clock_start, frozen)
            world = store = None
            if world_file is not None:
                from axtasks.mock.worldfiles.loader import load_world  # brings PyYAML

                world = load_world(world_file, seed=seed, start=clock.now())
            if state_file is not None:
                from axtasks.mock.storage import StateFile  # brings msgspec

                store = stack.enter_context(StateFile(state_file))
            mock = (LoggedMock if log else Mock)(
                run_seconds=run_seconds,
                lifecycle=lifecycle,
                contract=contract,
                clock=clock,
                seed=seed,
                world=world,
                faults=(*faults, *chaos(chaos_rate)),
                limit=limit,
                latency_seconds=latency,
                lenient=lenient,
                keys=keys,
                store=store,
            )
        except ValueError as error:
            raise click.ClickException(str(error)) from error
        if store is not None and store.is_resumed:
            _tell_what_is_passed_over(mock, state_file)
        _tell_what_is_refused(contract)
        server = MockServer(
            mock,
            host=host,
            port=port,
            control_from=control_from,
            control_token=control_token,
            allow_hosts=allow_hosts,
            cors=cors,
        )
        stops = stack.enter_context(_stop_signals())
        try:
            stack.enter_context(server)
        except (OSError, TypeError) as error:
            reason = getattr(error, "strerror", None) or error
            raise click.ClickException(f"cannot listen on {host}:{port}: {reason}") from error
        click.echo(f"Listening on {server.url}")
        if server.control_token and not control_token:
            click.echo(f"Control token: {server.control_token}", err=True)
        _wait(stops, server)


def _tell_what_is_refused(contract: str) -> None:
    """Name the operations of the contract that have no handler yet."""
    from axtasks.mock.contract.contract import of
    from axtasks.mock.operations.registry import refused

    if names := refused(of(contract)):
        click.echo(f"The mock has no handler for {', '.join(names)}: it answers them with 501", err=True)


def _tell_what_is_passed_over(mock: Mock, state_file: Path | None) -> None:
    """Say which options a kept state goes before; they are no mistake, as the mock is started again with the same."""
    ctx = click.get_current_context()
    differs = {
        "world_file": True,
        "clock_start": bool(mock.clock.advanced),
        "seed": ctx.params["seed"] != mock.state.seed,
    }
    passed_over = [
        each.opts[0]
        for each in ctx.command.params
        if differs.get(each.name or "") and ctx.get_parameter_source(each.name or "") is ParameterSource.COMMANDLINE
    ]
    if passed_over:
        options = " and ".join(filter(None, [", ".join(passed_over[:-1]), passed_over[-1]]))
        click.echo(f"Going on from the state in {state_file}, which goes before {options}", err=True)


def _wait(stops: SimpleQueue[int], server: MockServer) -> int:
    while server.is_listening:
        with suppress(Empty):
            return stops.get(timeout=CHECK_SECONDS)
    raise click.ClickException("the server stopped by itself")


@contextmanager
def _stop_signals() -> Iterator[SimpleQueue[int]]:
    """Queue interrupts and requests to terminate. A handler can put into this queue at any time: it takes no lock."""
    stops: SimpleQueue[int] = SimpleQueue()
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda number, _: stops.put(number)) for number in numbers}
    try:
        yield stops
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@group.command(epilog="\b\nExample:\n  ax mock export > world.yaml")
@click.option("--url", default=f"http://127.0.0.1:{DEFAULT_PORT}", show_default=True, help="URL of the mock.")
def export(*, url: str) -> None:
    """Write the world of a served mock as a world file, in YAML.

    It loads as the same world, and has names in place of identifiers wherever that is so.
    """
    from http.client import HTTPException  # imported late: `serve` starts without them
    from urllib.request import HTTPError, ProxyHandler, build_opener

    if not url.startswith(("http://", "https://")):
        raise click.BadParameter("has to be an address such as http://127.0.0.1:8765", param_hint="--url")
    opener = build_opener(ProxyHandler({}))  # a mock refuses what a proxy has carried
    try:
        with opener.open(f"{url.rstrip('/')}/__mock/world?format=yaml", timeout=TIMEOUT_SECONDS) as response:
            if (media_type := response.headers.get_content_type()) != "application/yaml":
                raise click.ClickException(f"{url} is no mock: it answers with {media_type}")
            click.echo(response.read().decode(), nl=False)
    except HTTPError as error:
        raise click.ClickException(f"{url} answers {error.code}: {_detail(error.read(), str(error.reason))}") from error
    except (OSError, HTTPException, ValueError) as error:
        raise click.ClickException(f"cannot reach a mock at {url}: {getattr(error, 'reason', error)}") from error


def _detail(body: bytes, reason: str) -> str:
    """Return the detail of a problem; anything else may answer at the address."""
    try:
        return str(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        return reason

"""The command group `ax mock`. The server and what it needs are imported when a command runs, not before."""

from __future__ import annotations

import importlib
import math
import operator
import signal
import threading
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Literal, TypedDict, Unpack

import click
from click.core import ParameterSource

from axtasks.mock import missing_libraries

from .export import export
from .options import world_options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path
    from types import FrameType

    from axtasks.mock.clock import Clock
    from axtasks.mock.mock import Mock
    from axtasks.mock.serving.server import MockServer
    from axtasks.mock.storage import StateFile
    from axtasks.mock.world.api_keys import ApiKey
    from axtasks.mock.world.world import World

    class _ServerSettings(TypedDict):
        host: str
        port: int
        control_from: Literal["loopback", "any", "nobody"]
        control_token: str | None
        allow_hosts: tuple[str, ...]
        cors: tuple[str, ...]


Texts = str | tuple[str, ...] | None

DEFAULT_PORT = 8765
LOOK_SECONDS = 1.0


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
    callback=_number,
    show_default="2.0",
    help="How long a run takes from being triggered to being completed.",
)
@click.option(
    "--lifecycle",
    metavar="TEXT",
    callback=_readable_by("axtasks.mock.world.lifecycle", "parse"),
    help="How runs go on instead: immediate, time:SECONDS, reads:N or manual, and how they end: 'reads:3 failed'.",
)
@click.option(
    "--fault",
    "faults",
    metavar="TEXT",
    multiple=True,
    callback=_readable_by("axtasks.mock.faults.script", "parse"),
    help="What is to go wrong, such as 'times=2, operation=get_task, fault=status:503'. Can be given several times.",
)
@click.option(
    "--chaos",
    "chaos_rate",
    type=click.FloatRange(0, 1),
    callback=_number,
    default=0.0,
    show_default=True,
    metavar="SHARE",
    help="What share of all requests goes wrong by chance, with faults of every kind; --seed says which, and how.",
)
@click.option(
    "--latency",
    type=click.FloatRange(0, 86_400),
    callback=_number,
    default=0.0,
    show_default=True,
    metavar="SECONDS",
    help="How late every answer of the API is.",
)
@click.option(
    "--limit",
    metavar="N/s",
    callback=_readable_by("axtasks.mock.faults.rate_limit", "Limit.parse"),
    help="How many requests are let in per second, minute (/m) or hour (/h); the others get 429.",
)
@click.option(
    "--control-from",
    type=click.Choice(["loopback", "any", "nobody"]),
    default="loopback",
    show_default=True,
    help="Who may use the mock's own operations below /__mock/: programs on this machine, anyone with the token, or "
    "nobody, as behind a proxy.",
)
@click.option(
    "--control-token",
    envvar="AX_MOCK_CONTROL_TOKEN",
    metavar="TEXT",
    help="The token that the mock's own operations take; one is made and printed with --control-from any. "
    "AX_MOCK_CONTROL_TOKEN says it too.",
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
@world_options
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
    missing = missing_libraries()
    if missing:
        raise click.ClickException(f"the mock server needs {', '.join(missing)}: pip install 'ax-tasks[mock]'")
    from axtasks.mock.clock import Clock
    from axtasks.mock.faults.chaos import chaos
    from axtasks.mock.mock import Mock
    from axtasks.mock.serving.access_log import LoggedMock

    with ExitStack() as stack:
        try:
            clock = Clock(clock_start, frozen)
            world = None if world_file is None else _world(world_file, seed, clock)
            store = None if state_file is None else stack.enter_context(_state(state_file))
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
        _serve(
            mock,
            host=host,
            port=port,
            control_from=control_from,
            control_token=control_token or None,
            allow_hosts=allow_hosts,
            cors=cors,
        )


def _world(file: Path, seed: int, clock: Clock) -> World:
    from axtasks.mock.worldfiles.loader import load_world  # brings PyYAML, which only those need who have a file

    return load_world(file, seed=seed, start=clock.now())


def _state(file: Path) -> StateFile:
    from axtasks.mock.storage import StateFile  # brings msgspec, which only those need who keep a state

    return StateFile(file)


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


def _serve(mock: Mock, **how: Unpack[_ServerSettings]) -> None:
    from axtasks.mock.serving.server import MockServer  # only this command needs the server

    with ExitStack() as stack:
        stop = stack.enter_context(_stop_signals())
        try:
            server = stack.enter_context(MockServer(mock, **how))
        except OSError as error:
            reason = error.strerror or error
            raise click.ClickException(f"cannot listen on {how['host']}:{how['port']}: {reason}") from error
        click.echo(f"Listening on {server.url}")
        if server.control_token is not None and how["control_token"] is None:
            click.echo(f"Control token: {server.control_token}", err=True)
        _wait(stop, server)


def _wait(stop: threading.Event, server: MockServer) -> None:
    while not stop.wait(LOOK_SECONDS):
        if not server.is_listening:
            raise click.ClickException("the server stopped by itself")


@contextmanager
def _stop_signals() -> Iterator[threading.Event]:
    """An event that is set by an interrupt or a request to terminate."""
    stop = threading.Event()

    def handle(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


group.add_command(export)

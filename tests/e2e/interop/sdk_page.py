"""Check the vendor's half of the page about the SDK: `python -m tests.e2e.interop.sdk_page URL CONTRACT`.

The programs of the kind `python interop` and the table of results are for the newer SDK, and run with it alone.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import logging
import os
import sys
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

from arize import ArizeClient
from arize.constants import config
from arize.tasks import types

from tests.docs.normal import is_as_shown
from tests.docs.pages import Table, code_words, page
from tests.e2e.interop.scenario import BETA, DOCUMENTS, SPACE, Steps, require, require_equal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PAGE = page("guides/vendor-sdk")
METHODS = ("Method", "Parameters on both sides", "Only there", "Only here")
THEIRS = METHODS[1:3]
RELEASES = {DOCUMENTS: "8.35", BETA: "8.61"}
NO_CLASSES = {"BaseModel", "ConfigDict", "datetime", "field_validator"}
"""Names that `arize.tasks.types` only imports."""
NOT_OURS = ("otlp_", "flight_", "stream_", "pyarrow_", "max_http_payload_size_mb", "enable_caching", "max_past_years")
"""Prefixes of the arguments that the page names in a sentence."""


def table(*header: str) -> Table:
    """Return the only table of the page with these columns."""
    (found,) = [each for each in PAGE.tables if each.header == header]
    return found


def refused(call: Callable[[], object]) -> Exception:
    """Return the exception that a call raises.

    Raises:
        ValueError: it raises none.
    """
    try:
        answer = call()
    except Exception as error:  # noqa: BLE001  # the caller checks its type
        return error
    raise ValueError(f"was not refused, but answered with {answer!r}")


@contextlib.contextmanager
def error_server(status: int) -> Iterator[str]:
    """Serve this status for every request, and yield the host."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b'{"title": "No", "status": %d, "type": "about:blank", "detail": "no", "instance": "/"}' % status
            self.send_response(status)
            self.send_header("Content-Type", "application/problem+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def programs() -> dict[str, Any]:
    """Run the programs of the page, and return their variables."""
    names: dict[str, Any] = {}
    for block in (block for block in PAGE.blocks if block.kind == "python interop"):
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(block.text, names)  # noqa: S102  # of the page
        require(is_as_shown(block.output or "", printed.getvalue()), f"{block} printed {printed.getvalue()!r}")
    return names


def make_results() -> dict[str, Any]:
    """Return the variables of the programs, by calls that both SDKs have."""
    client = ArizeClient()
    task = client.tasks.get(task="Golden Set Review", space=SPACE)
    run = client.tasks.wait_for_run(run_id=client.tasks.trigger_run(task=task.id).id, poll_interval=0.05)
    return {"client": client, "tasks": client.tasks, "task": task, "run": run}


def errors(steps: Steps, names: dict[str, Any]) -> None:
    """Check every exception on the page."""
    column = "The vendor's exception"
    with steps.step("exceptions by status"):
        for row in table("Status", column, "Here").rows:
            with error_server(int(row["Status"])) as host:
                client = ArizeClient(api_key="any", api_host=host, api_scheme="http")
                error = refused(partial(client.tasks.get_run, run_id="VGFza1J1bjo5OTpxUndY"))
            require_equal(f"`{type(error).__name__}`", row[column])
            for attribute in table("With the vendor's SDK", "Here").rows if row["Status"] == "404" else ():
                expression = code_words(attribute["With the vendor's SDK"])[0]
                require(eval(expression, {"error": error}), expression)  # noqa: S307  # of the page
    with steps.step("exceptions by call"):
        key = os.environ.pop("ARIZE_API_KEY")
        for row in table("Call", column, "Here").rows:
            (call,) = code_words(row["Call"])
            error = refused(partial(eval, call, names))
            require(f"`{type(error).__name__}`" == row[column], f"{call} raised {error!r}")
        os.environ["ARIZE_API_KEY"] = key


def names_and_parameters(steps: Steps, client: Any, contract: str) -> None:
    """Check the page's names and parameters against the package."""
    methods = {row["Method"].strip("`"): row for row in table(*METHODS).rows}
    with steps.step("methods for tasks"):
        offered = {f"tasks.{name}" for name, _ in inspect.getmembers(client.tasks, inspect.ismethod) if name[0] != "_"}
        require_equal(offered, {name for name in methods if name.startswith("tasks.")})
    with steps.step("parameters of the methods"):
        for name, row in methods.items():
            group, method = name.split(".")
            shown = {word for head in THEIRS for word in code_words(row[head])}
            taken = set(inspect.signature(getattr(getattr(client, group), method)).parameters)
            require_equal(taken, shown - ({"query_filters"} if contract == DOCUMENTS else set()))
    with steps.step("names of classes"):
        rows = table("In `arize.tasks.types`", "In", "Here").rows
        shown = {row["In `arize.tasks.types`"].strip("`") for row in rows if RELEASES[contract] in row["In"]}
        require_equal({name for name in dir(types) if name[0] != "_"} - NO_CLASSES, shown)
    with steps.step("arguments of the client"):
        rows = table("Argument of `ArizeClient`", "Variable", "Here").rows
        shown = {row["Argument of `ArizeClient`"].strip("`") for row in rows}
        taken = {name for name in inspect.signature(ArizeClient.__init__).parameters if name != "self"}
        left = {name for name in taken if not name.startswith(NOT_OURS)}
        require(left == shown if contract == BETA else left <= shown, f"they are {sorted(left)}")
    with steps.step("variables of the client"):
        read = {value for name, value in vars(config).items() if name.startswith("ENV_")}
        shown = {word for row in rows for word in code_words(row["Variable"])}
        require(shown <= read if contract == BETA else shown & read, f"{sorted(shown - read)} are not read")


def check_page(url: str, contract: str) -> None:
    """Check all that the page says of the SDK of a contract's time."""
    scheme, _, host = url.partition("://")
    os.environ |= {"ARIZE_API_KEY": "any", "ARIZE_API_HOST": host, "ARIZE_API_SCHEME": scheme}
    steps = Steps("page on the SDK")
    if contract == BETA:
        with steps.step("the programs"):
            names = programs()
        with steps.step("results"):
            for row in table("With the vendor's SDK", "Here", "Both give").rows:
                (expression,), (value,) = code_words(row["With the vendor's SDK"]), code_words(row["Both give"])
                require_equal(repr(eval(expression, names)), value)  # noqa: S307  # of the page
    else:
        names = make_results()
    names_and_parameters(steps, names["client"], contract)
    errors(steps, names)


if __name__ == "__main__":
    logging.getLogger("arize").setLevel(logging.ERROR)
    check_page(sys.argv[1], sys.argv[2])

"""`ax api`: a request of one's own, signed like all others."""

from __future__ import annotations

import json
import math
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import click

from axtasks.cli.command import AxCommand, connected
from axtasks.cli.errors import Exit
from axtasks.cli.iostreams import discard, is_terminal, tell, write, write_text
from axtasks.cli.options import common_options
from axtasks.cli.output.values import json_text
from axtasks.cli.param_types import JsonType, ParamType
from axtasks.text import escape, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
_SUCCESS = range(200, 300)
_DENIED: Mapping[int, str] = {
    HTTPStatus.UNAUTHORIZED: "Check the API key: ARIZE_API_KEY, or the profile's.",
    HTTPStatus.FORBIDDEN: "Ask for the permission, or use another API key.",
}
_ADVICE: Mapping[int, str] = {
    **_DENIED,
    HTTPStatus.NOT_FOUND: "Check the path and the id; what the key may not read looks the same as what is not there.",
    HTTPStatus.TOO_MANY_REQUESTS: "Wait, then try again.",
}


class NameValue(ParamType):
    """A query parameter, `NAME=VALUE`."""

    name = "pair"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Return the name and the value."""
        name, separator, text = str(value).partition("=")
        if not name or not separator:
            self.fail(f"{value!r} is not of the form NAME=VALUE", param, ctx)
        return name, text


@click.command(
    "api",
    cls=AxCommand,
    epilog="\b\nExamples:\n"
    "  ax api GET /v2/tasks --query-param limit=5\n"
    "  ax api PATCH /v2/tasks/T25saW5lVGFzazo0NTpxUndY --data '{\"sampling_rate\": 0.5}'",
)
@click.argument("method", type=click.Choice(METHODS, case_sensitive=False), metavar="METHOD")
@click.argument("path")
@click.option("-d", "--data", type=JsonType(), help="Body to send, as JSON.")
@click.option(
    "--query-param",
    "pairs",
    type=NameValue(),
    multiple=True,
    metavar="NAME=VALUE",
    help="A query parameter; may be given several times.",
)
@common_options
def api(method: str, path: str, pairs: tuple[tuple[str, str], ...], data: Any, **options: Any) -> None:
    """Send a request of your own, and print the body of the answer.

    METHOD is GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS; PATH begins with a slash. JSON is indented, anything else
    is printed as it came. If the server refuses, the body is printed all the same. With -v the status is told on
    standard error.
    """
    query = _query(pairs)
    with connected(options) as client:
        answer = client.request(method, path, query=query, body=data)
        content = client.without_key(answer.content)
    status = _status(answer.status_code)
    if options["verbose"]:
        tell(status)
    is_refused = answer.status_code not in _SUCCESS
    document: object = None
    try:
        document = _print(content)
    except BrokenPipeError:
        if not is_refused:
            raise
        # Nobody reads the body, but the command still has to end as one that was refused.
        discard()
    if is_refused:
        detail = document.get("detail") or document.get("title") if isinstance(document, dict) else None
        told = f": {printable(str(detail))}" if detail else ""
        tell(f"Error: {method} {path} was answered with {status}{told}")
        otherwise = "The body says what the server does not accept." if answer.content else "The answer has no body."
        tell(_ADVICE.get(answer.status_code, otherwise))
        raise click.exceptions.Exit(Exit.DENIED if answer.status_code in _DENIED else Exit.REFUSED)


def _query(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the query parameters by name, each of which may be given once."""
    query: dict[str, str] = {}
    for name, value in pairs:
        if name in query:
            raise click.UsageError(f"query parameter {name!r} is given twice")
        query[name] = value
    return query


def _status(code: int) -> str:
    phrases = {status.value: status.phrase for status in HTTPStatus}
    return f"{code} {phrases.get(code, '')}".strip()


def _print(content: bytes) -> object:
    """Print a body; return it as JSON, or None if it is something else."""
    try:
        document: object = json.loads(content, parse_constant=_finite, parse_float=_finite)
        text = json_text(document, indent=2)
    except (ValueError, RecursionError):
        _print_other(content)
        return None
    write_text(f"{text}\n")
    return document


def _finite(text: str) -> float:
    """Return the number if it can be written as JSON again."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is too large a number")
    return number


def _print_other(content: bytes) -> None:
    """Print a body that is no JSON: as it came, or on a terminal with escapes for what would steer it."""
    if is_terminal():
        lines = content.decode("utf-8", "backslashreplace").splitlines()
        write_text("".join(f"{escape(line)}\n" for line in lines))
    else:
        write(content)

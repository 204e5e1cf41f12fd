"""Check the vendor's half of the page about the command line: `… tests.e2e.interop.command_page URL CONTRACT`.

It runs with the vendor's Python, in whose folder the vendor's `ax` is.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from typer.main import get_command

from tests.docs.pages import Table, code_words, page
from tests.e2e.interop.scenario import BETA, DOCUMENTS, Steps, require, require_equal, shown_as

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = page("guides/vendor-cli")
RELEASES = {DOCUMENTS: "0.25", BETA: "0.39"}
COMMON = {"-o/--output", "-v/--verbose"}
"""The options that the page names in a sentence."""
LONGEST_SECONDS = 120
PROFILE = """\
[profile]
name = "page"
[auth]
auth_method = "api-key"
api_key = "${ARIZE_API_KEY}"
[routing]
api_host = "${ARIZE_API_HOST}"
api_scheme = "http"
[update]
enabled = false
"""


def table(*header: str) -> Table:
    """Return the only table of the page with these columns."""
    (found,) = [each for each in PAGE.tables if each.header == header]
    return found


def commands(command: Any, words: tuple[str, ...] = ("ax",)) -> Iterator[tuple[str, set[str]]]:
    """Yield all commands below a group of the vendor's, each with its options as the page writes them."""
    for name, found in getattr(command, "commands", {}).items():
        yield from commands(found, (*words, name))
    if not hasattr(command, "commands"):
        options = [each for each in command.params if each.param_type_name == "option" and not each.hidden]
        yield " ".join(words), {"/".join([*sorted(each.opts, key=len), *each.secondary_opts]) for each in options}


def vendor_program() -> Any:
    """Return the vendor's program as a click group."""
    (entry,) = [entry for entry in entry_points(group="console_scripts") if entry.name == "ax"]
    found = entry.load()
    app = found if isinstance(found, typer.Typer) else sys.modules[found.__module__].app
    return get_command(app)


def run_line(line: str) -> subprocess.CompletedProcess[str]:
    """Run a command line of the page, with variables in front, by the vendor's `ax`."""
    words = shlex.split(line)
    at = words.index("ax")
    return subprocess.run(
        [str(Path(sys.executable).with_name("ax")), *words[at + 1 :]],
        env={**os.environ, **dict(word.split("=", 1) for word in words[:at])},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
        check=False,
    )


def check_page(url: str, contract: str) -> None:
    """Check all that the page says of the command line of a contract's time."""
    home = Path(os.environ["HOME"], ".arize")
    (home / "profiles").mkdir(parents=True, exist_ok=True)
    (home / "profiles" / "page.toml").write_text(PROFILE, encoding="utf-8")
    (home / ".active_profile").write_text("page", encoding="utf-8")
    os.environ |= {"ARIZE_API_KEY": "any", "ARIZE_API_HOST": url.partition("://")[2]}
    steps, release = Steps("page on the CLI"), RELEASES[contract]
    with steps.step("options"):
        offered = dict(commands(vendor_program()))
        for row in table("Command", "Options on both sides", "Only there", "Only here").rows:
            shown = {word for head in ("Options on both sides", "Only there") for word in code_words(row[head])}
            require_equal(offered.pop(row["Command"].strip("`")) - COMMON, shown)
        require_equal([command for command in offered if command.startswith("ax tasks ")], [])
    with steps.step("fields of the JSON"):
        for row in table("Command", "Field", "0.25", "0.39", "Here").rows:
            found = json.loads(run_line(row["Command"].strip("`")).stdout)
            require_equal(shown_as(found, row["Field"].strip("`")), row[release].strip("`"))
    with steps.step("exit codes"):
        for row in table("What happened", "Command", "0.25", "0.39", "Here").rows:
            done = run_line(row["Command"].strip("`"))
            require(done.returncode == int(row[release]), f"{row['Command']} ended with {done}")


if __name__ == "__main__":
    check_page(sys.argv[1], sys.argv[2])

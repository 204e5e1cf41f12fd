"""The command line, `ax`. Each group of commands is imported when it is used."""

from __future__ import annotations

import click

from axtasks._version import __version__

from .app import Program
from .errors import table

main = Program(
    "ax",
    help="Work with Arize AX tasks from the command line.",
    epilog=f"\b\nExit codes:\n{table()}",
    commands_at={
        "tasks": ("axtasks.cli.commands.tasks:group", "Create, change and run tasks."),
        "spaces": ("axtasks.cli.commands.lookups:spaces", "List and show spaces."),
        "projects": ("axtasks.cli.commands.lookups:projects", "List and show projects."),
        "datasets": ("axtasks.cli.commands.lookups:datasets", "List and show datasets."),
        "experiments": ("axtasks.cli.commands.lookups:experiments", "List and show experiments."),
        "evaluators": ("axtasks.cli.commands.lookups:evaluators", "List and show evaluators."),
        "api": ("axtasks.cli.commands.api:api", "Send a request of your own."),
        "spec": ("axtasks.cli.spec:group", "Compare a server with the contract."),
        "profiles": ("axtasks.cli.commands.profiles:group", "Keep keys and servers in files."),
        "completion": ("axtasks.cli.commands.completion:completion", "Print what lets a shell complete commands."),
        "mock": ("axtasks.mock.cli:group", "Serve a stand-in for the API, for tests and demos."),
    },
)
main = click.version_option(__version__, prog_name="ax", message="%(prog)s %(version)s")(main)

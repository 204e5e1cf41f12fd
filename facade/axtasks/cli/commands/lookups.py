"""`ax spaces`, `ax projects`, `ax prompts` and their like: each lists and shows one kind of what tasks refer to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from axtasks.cli.app import CommandGroup
from axtasks.cli.command import AxCommand, connected
from axtasks.cli.options import all_spaces_option, common_options, list_options, output_options, together
from axtasks.cli.output.columns import words_of
from axtasks.cli.output.show import listing, one, show
from axtasks.cli.param_types import EnumChoice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Lookup:
    """A kind of resource that tasks refer to.

    Attributes:
        noun: its name, with underscores between words.
        example: the name of one, for examples.
        order: the order of its list for the help, if it is defined.
        filters: by parameter, the options that filter its list.
        scopes: by parameter, the options of its `get` command.
    """

    noun: str
    example: str
    order: str
    filters: Mapping[str, Callable[..., Any]]
    scopes: Mapping[str, Callable[..., Any]]

    @property
    def words(self) -> str:
        """Its name in messages."""
        return words_of(self.noun)

    @property
    def plural(self) -> str:
        """Its name in messages, in the plural."""
        return f"{self.words}s"

    @property
    def attribute(self) -> str:
        """The attribute of a client with its methods."""
        return f"{self.noun}s"

    @property
    def command(self) -> str:
        """The name of its group of commands."""
        return self.attribute.replace("_", "-")


def _space(text: str) -> Callable[..., Any]:
    return click.option("-s", "--space", metavar="SPACE", help=text)


def _dataset(text: str) -> Callable[..., Any]:
    return click.option("--dataset", metavar="DATASET", help=text)


_LOOKED_UP_IN_SPACE = {"space": _space("Name or id of the space to look the name up in.  [default: ARIZE_SPACE]")}
_DATASETS_SPACE = {"space": _space("Name or id of the space to look the dataset's name up in.  [default: ARIZE_SPACE]")}


def _in_space(plural: str) -> dict[str, Callable[..., Any]]:
    space = _space(f"Only {plural} of this space, by name or id.  [default: ARIZE_SPACE]")
    return {"space": space, "all_spaces": all_spaces_option}


_VERSION = click.option("--version-id", metavar="ID", help="The version to show.  [default: the latest]")
_PROJECT_TYPE = click.option(
    "--project-type", type=EnumChoice("ProjectType"), help="Only projects of this kind, which needs beta."
)
_INTEGRATION_TYPE = click.option("-t", "--type", type=EnumChoice("IntegrationType"), help="Only those of this type.")

LOOKUPS = (
    Lookup(
        "space",
        "demo",
        "",
        {"organization": click.option("--organization", metavar="ID", help="Only spaces of this organization.")},
        {},
    ),
    Lookup("project", "chat-prod", "", {**_in_space("projects"), "project_type": _PROJECT_TYPE}, _LOOKED_UP_IN_SPACE),
    Lookup("dataset", "golden-set", ", newest first", _in_space("datasets"), _LOOKED_UP_IN_SPACE),
    Lookup(
        "experiment",
        "baseline",
        "",
        {
            "dataset": _dataset("Only experiments of this dataset, by name or id."),
            "space": _space("Space of the dataset; without one, only experiments of this space, which needs beta."),
        },
        {"dataset": _dataset("Name or id of the dataset to look the name up in."), **_DATASETS_SPACE},
    ),
    Lookup(
        "evaluator",
        "Hallucination Eval",
        ", last updated first",
        _in_space("evaluators"),
        {
            **_LOOKED_UP_IN_SPACE,
            "version_id": _VERSION,
        },
    ),
    Lookup("ai_integration", "openai-main", ", which only beta has", _in_space("AI integrations"), _LOOKED_UP_IN_SPACE),
    Lookup(
        "integration",
        "support-agent",
        " of all types, which only beta has",
        {**_in_space("integrations"), "type": _INTEGRATION_TYPE},
        _LOOKED_UP_IN_SPACE,
    ),
    Lookup(
        "prompt",
        "summarize",
        ", which only beta has",
        _in_space("prompts"),
        {
            **_LOOKED_UP_IN_SPACE,
            "version_id": _VERSION,
            "label": click.option("--label", metavar="LABEL", help="Show the version that bears this label."),
        },
    ),
)


def _group(lookup: Lookup) -> click.Group:
    """Return the commands for a kind of resource."""
    group = CommandGroup(lookup.command, help=f"List and show {lookup.plural}.")
    group.add_command(_list_command(lookup))
    group.add_command(_get_command(lookup))
    return group


def _list_command(lookup: Lookup) -> click.Command:
    def run(limit: int, cursor: str | None, everything: bool, **options: Any) -> None:
        from axtasks import ALL_SPACES

        given = {name: options.pop(name) for name in ("name", *lookup.filters)}
        if given.pop("all_spaces", False):
            given["space"] = ALL_SPACES
        with connected(options) as client:
            fetch = partial(getattr(client, lookup.attribute).list, **given)
            show(listing(fetch, lookup.noun, limit=limit, cursor=cursor, everything=everything), options["output"])

    name = click.option(
        "-n", "--name", metavar="TEXT", help=f"Only {lookup.plural} with this text in their name, in any case."
    )
    options = together(name, *lookup.filters.values(), list_options, output_options(), common_options)
    return click.command(
        "list",
        cls=AxCommand,
        help=f"List {lookup.plural}{lookup.order}.",
        epilog=f"\b\nExample:\n  ax {lookup.command} list{_where(lookup)}",
    )(options(run))


def _get_command(lookup: Lookup) -> click.Command:
    def run(subject: str, **options: Any) -> None:
        from axtasks import SpaceRequiredError

        given = {name: options.pop(name) for name in lookup.scopes}
        with connected(options) as client:
            try:
                found = getattr(client, lookup.attribute).get(subject, **given)
            except SpaceRequiredError:
                if given.get("dataset", "") is not None:
                    raise
                raise click.UsageError(
                    f"names of {lookup.plural} are looked up within a dataset: give --dataset, or the id of {subject!r}"
                ) from None
            show(one(found, lookup.noun), options["output"])

    argument = click.argument("subject", metavar=lookup.noun.upper().replace("_", "-"))
    options = together(argument, *lookup.scopes.values(), output_options(), common_options)
    name = f'"{lookup.example}"' if " " in lookup.example else lookup.example
    return click.command(
        "get",
        cls=AxCommand,
        help=f"Show {'an' if lookup.noun[0] in 'aeiou' else 'a'} {lookup.words} by name or id.",
        epilog=f"\b\nExample:\n  ax {lookup.command} get {name}{_where(lookup)}",
    )(options(run))


def _where(lookup: Lookup) -> str:
    """Return the options of an example with a name."""
    places = {"dataset": " --dataset golden-set", "space": " --space demo"}
    return "".join(option for name, option in places.items() if name in lookup.scopes)


spaces, projects, datasets, experiments, evaluators, ai_integrations, integrations, prompts = map(_group, LOOKUPS)

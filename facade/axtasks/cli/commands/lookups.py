"""`ax spaces`, `ax projects`, `ax datasets`, `ax experiments` and `ax evaluators`: each lists and shows one kind."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from axtasks.cli.app import CommandGroup
from axtasks.cli.command import AxCommand, connected
from axtasks.cli.options import all_spaces_option, common_options, list_options, output_options, together
from axtasks.cli.output.show import listing, one, show

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Lookup:
    """A kind of resource that tasks refer to.

    Attributes:
        noun: its name.
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
    def plural(self) -> str:
        """Its name in the plural."""
        return f"{self.noun}s"


def _space(text: str) -> Callable[..., Any]:
    return click.option("-s", "--space", metavar="SPACE", help=text)


def _dataset(text: str) -> Callable[..., Any]:
    return click.option("--dataset", metavar="DATASET", help=text)


_LOOKED_UP_IN_SPACE = {"space": _space("Name or id of the space to look the name up in.  [default: ARIZE_SPACE]")}
_DATASETS_SPACE = {"space": _space("Name or id of the space to look the dataset's name up in.  [default: ARIZE_SPACE]")}


def _in_space(plural: str) -> dict[str, Callable[..., Any]]:
    space = _space(f"Only {plural} of this space, by name or id.  [default: ARIZE_SPACE]")
    return {"space": space, "all_spaces": all_spaces_option}


LOOKUPS = (
    Lookup(
        "space",
        "demo",
        "",
        {"organization": click.option("--organization", metavar="ID", help="Only spaces of this organization.")},
        {},
    ),
    Lookup("project", "chat-prod", "", _in_space("projects"), _LOOKED_UP_IN_SPACE),
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
            "version_id": click.option(
                "--version-id", metavar="ID", help="The version to show.  [default: the latest]"
            ),
        },
    ),
)


def _group(lookup: Lookup) -> click.Group:
    """Return the commands for a kind of resource."""
    group = CommandGroup(lookup.plural, help=f"List and show {lookup.plural}.")
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
            fetch = partial(getattr(client, lookup.plural).list, **given)
            show(listing(fetch, lookup.noun, limit=limit, cursor=cursor, everything=everything), options["output"])

    name = click.option(
        "-n", "--name", metavar="TEXT", help=f"Only {lookup.plural} with this text in their name, in any case."
    )
    options = together(name, *lookup.filters.values(), list_options, output_options(), common_options)
    return click.command(
        "list",
        cls=AxCommand,
        help=f"List {lookup.plural}{lookup.order}.",
        epilog=f"\b\nExample:\n  ax {lookup.plural} list{_where(lookup)}",
    )(options(run))


def _get_command(lookup: Lookup) -> click.Command:
    def run(subject: str, **options: Any) -> None:
        from axtasks import SpaceRequiredError

        given = {name: options.pop(name) for name in lookup.scopes}
        with connected(options) as client:
            try:
                found = getattr(client, lookup.plural).get(subject, **given)
            except SpaceRequiredError:
                if given.get("dataset", "") is not None:
                    raise
                raise click.UsageError(
                    f"names of {lookup.plural} are looked up within a dataset: give --dataset, or the id of {subject!r}"
                ) from None
            show(one(found, lookup.noun), options["output"])

    argument = click.argument("subject", metavar=lookup.noun.upper())
    options = together(argument, *lookup.scopes.values(), output_options(), common_options)
    name = f'"{lookup.example}"' if " " in lookup.example else lookup.example
    return click.command(
        "get",
        cls=AxCommand,
        help=f"Show {'an' if lookup.noun[0] in 'aeiou' else 'a'} {lookup.noun} by name or id.",
        epilog=f"\b\nExample:\n  ax {lookup.plural} get {name}{_where(lookup)}",
    )(options(run))


def _where(lookup: Lookup) -> str:
    """Return the options of an example with a name."""
    places = {"dataset": " --dataset golden-set", "space": " --space demo"}
    return "".join(option for name, option in places.items() if name in lookup.scopes)


spaces, projects, datasets, experiments, evaluators = (_group(lookup) for lookup in LOOKUPS)

"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click
from click.core import ParameterSource

from axtasks.text import SPELLINGS

from .output.formats import ENDINGS, VALUES, VALUES_VARIABLE, Format
from .param_types import CountType, EnumChoice, EvaluatorType, FilterType, JsonType, ListType, NumberRange

if TYPE_CHECKING:
    from collections.abc import Iterable

    from click.shell_completion import CompletionItem

F = TypeVar("F", bound=Callable[..., object])

PROFILE_VARIABLE = "ARIZE_PROFILE"
# As the client takes it; which dialect that means is explained there.
CONTRACTS = ("documents", "beta", "auto")


def together(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Return one decorator for several options, which help shows in this order."""

    def decorate(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


class _VariableOption(click.Option):
    """An option that a variable may give: errors about a value of the variable name it."""

    def get_error_hint(self, ctx: click.Context | None) -> str:
        """Return how errors call the option."""
        hint = super().get_error_hint(ctx)
        of_variable = ctx is not None and ctx.get_parameter_source(self.name) is ParameterSource.ENVIRONMENT
        return f"{hint} (of the variable {self.envvar})" if of_variable else hint


def not_empty(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """Refuse an empty text: taken for no value, it would lead to another server without a word."""
    if value == "":
        raise click.BadParameter("it is empty; leave it out for the default", ctx, param)
    return value


contract_option = click.option(
    "--contract",
    type=click.Choice(CONTRACTS, case_sensitive=False),
    metavar="DIALECT",
    help="Contract of the server: documents, beta, or auto, which finds out.  [default: auto]",
)
error_options = together(
    click.option("-v", "--verbose", is_flag=True, help="Say more about errors."),
    click.option("--debug", is_flag=True, help="Show the traceback of an error."),
)
common_options = together(
    click.option(
        "--profile",
        metavar="NAME",
        envvar=PROFILE_VARIABLE,
        callback=not_empty,
        help="Profile of ~/.arize/profiles to fall back on.  [default: the active one]",
    ),
    click.option(
        "--base-url", metavar="URL", callback=not_empty, help="Server to talk to, such as http://127.0.0.1:8765."
    ),
    contract_option,
    error_options,
)


def _complete_output(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    formats = [CompletionItem(str(kind)) for kind in Format if kind.startswith(incomplete)]
    return formats or [CompletionItem(incomplete, type="file")]


_output_options = together(
    click.option(
        "-o",
        "--output",
        metavar="FORMAT|FILE",
        shell_complete=_complete_output,
        help=f"One of {', '.join(Format)}; or a file to write, with one of the endings {' '.join(ENDINGS)}."
        "  [default: table]",
    ),
    click.option(
        "--columns",
        metavar="FIELD,...",
        help="Fields to show, nested ones with dots: id,name,evaluators.evaluator_name.",
    ),
    click.option(
        "--values",
        cls=_VariableOption,
        type=click.Choice(SPELLINGS, case_sensitive=False),
        metavar="documents|wire",
        envvar=VALUES_VARIABLE,
        help="Spelling of values such as a status: as the documents do, or as they came.  [default: documents]",
    ),
    click.option(
        "--query",
        metavar="JMESPATH",
        help="Part of the JSON document to show, as JSON unless --output says otherwise.",
    ),
    click.option(
        "-q",
        "--quiet",
        is_flag=True,
        help="Print ids alone, one per line, unless --output, --columns or --query is given; leave out all notices but"
        " that of a list that goes on.",
    ),
)


# The key, in the context of a command, of the options that were given before it.
EARLY = "axtasks.early_options"


def early_options(*, hidden: bool) -> list[click.Option]:
    """Return the options of most commands as options of a group, which its commands take over.

    Args:
        hidden: whether the help leaves them out.
    """

    def holder() -> None: ...

    together(_output_options, common_options)(holder)
    options: list[click.Option] = holder.__dict__["__click_params__"][::-1]
    return [
        click.Option(
            [*option.opts, option.name or ""],
            is_flag=option.is_flag,
            metavar=option.metavar,
            help=option.help,
            hidden=hidden,
            expose_value=False,
            callback=_note_early,
        )
        for option in options
    ]


def _note_early(ctx: click.Context, param: click.Parameter, value: object) -> None:
    """Note an option for the command; refuse two values."""
    if value not in {None, False} and ctx.get_parameter_source(param.name or "") is ParameterSource.COMMANDLINE:
        take_over(ctx.meta.setdefault(EARLY, {}), param.name or "", value, flag=param.opts[-1])


def refuse_early(name: str, command: str) -> NoReturn:
    """Refuse an option that was given before a command which does not have it."""
    flag = f"--{name.replace('_', '-')}"
    raise click.UsageError(f"{flag} is given before the command, and '{command}' has no such option to take it over")


def take_over(values: dict[str, object], name: str, value: object, *, flag: str) -> None:
    """Add the value of an option that may be given before the command as well as after it.

    Raises:
        click.UsageError: there is another value.
    """
    other = values.setdefault(name, value)
    if other != value:
        raise click.UsageError(f"{flag} is given as {other!r} and as {value!r}: give one of them")


def output_options(noun: str | None = None) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add the output options, and check them together before the command does anything.

    The command gets them as `output`, an `OutputSettings`; `quiet` is an argument of its own too.

    Args:
        noun: the kind of what the command shows, by which unknown columns are refused beforehand. If None, columns are
            checked against the result.
    """

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def checked(
            *args: Any,
            output: str | None,
            columns: str | None,
            values: str | None,
            query: str | None,
            quiet: bool,
            **options: Any,
        ) -> None:
            # Imported late: help does without it.
            from .output.settings import output_settings

            click.get_current_context().meta[VALUES] = values
            settings = output_settings(output=output, columns=columns, query=query, quiet=quiet, noun=noun)
            command(*args, output=settings, quiet=quiet, **options)

        return _output_options(checked)

    return decorate


DEFAULT_LIMIT = 15
space_option = click.option(
    "-s", "--space", metavar="SPACE", help="Name or id of the space to look names up in.  [default: ARIZE_SPACE]"
)
all_spaces_option = click.option("--all-spaces", is_flag=True, help="Of all spaces, whatever ARIZE_SPACE says.")
project_option = click.option("--project", metavar="PROJECT", help="Name or id of the project.")
dataset_option = click.option("--dataset", metavar="DATASET", help="Name or id of the dataset.")
name_option = click.option("-n", "--name", required=True, metavar="NAME", help="Name, unique within the space.")
task_type_option = click.option("--task-type", type=EnumChoice("TaskType"), required=True, help="Type of the task.")
query_filters_help = (
    'Named filters over traces or sessions, as a JSON object: {"filters": [{"id": "A", "filter": ...}]}; beta only.'
)
run_configuration_help = "The work of each run, as a JSON object."
force_option = click.option("-f", "--force", is_flag=True, help="Do not ask.")
list_options = together(
    click.option(
        "-l",
        "--limit",
        type=CountType(),
        default=DEFAULT_LIMIT,
        show_default=True,
        metavar="N",
        help="The most results; more than 100 take several requests.",
    ),
    click.option("-c", "--cursor", metavar="CURSOR", help="Cursor of an earlier list, to go on from."),
    click.option("--all", "everything", is_flag=True, help="All results, however many."),
)
evaluator_options = together(
    click.option(
        "--evaluators",
        type=JsonType(list),
        help='Evaluators as a JSON array: [{"evaluator_id": ..., "query_filter": ..., "column_mappings": {...}}].',
    ),
    click.option(
        "--evaluator",
        "evaluators_by_name",
        type=EvaluatorType(),
        multiple=True,
        help="An evaluator by name or id, with column mappings if need be; may be given several times.",
    ),
)


def all_evaluators(evaluators: list[Any] | None, by_name: Iterable[dict[str, Any]]) -> list[Any] | None:
    """Return the evaluators of `--evaluators` and `--evaluator` together; None if neither was given."""
    named = [*by_name]
    return None if evaluators is None and not named else [*(evaluators or []), *named]


evaluation_field_options = together(
    click.option("--experiment-ids", type=ListType(), help="Names or ids of experiments; needed with a dataset."),
    click.option(
        "--sampling-rate",
        type=NumberRange(0, 1),
        metavar="SHARE",
        help="Share of spans to evaluate, from 0 to 1; only with a project.",
    ),
    click.option(
        "--is-continuous/--no-continuous",
        default=None,
        help="Evaluate incoming spans as they come, or not; only with a project.",
    ),
    click.option("--query-filter", type=FilterType(), metavar="FILTER", help="Filter on all data of the task."),
    click.option("--query-filters", type=JsonType(dict), help=query_filters_help),
)
# Options that cannot both be given: one would count for nothing. Values are told where only they contradict.
CONTRADICTIONS: tuple[tuple[str, str, str], ...] = (
    ("no_exit_status", "fail_on_errors", "the one has every run exit with 0, the other not"),
    ("no_exit_status", "empty_ok", "every run exits with 0 by the first"),
    ("everything", "limit", "the one asks for all results, the other for some"),
    ("all_spaces", "space", "the one is for all spaces, the other for one"),
    ("har", "base_url", "an archive is compared, and no server is asked"),
    ("har", "profile", "an archive is compared, and no server is asked"),
)


def refuse_contradictions(ctx: click.Context) -> None:
    """Refuse options that cannot both be given.

    Raises:
        click.UsageError: there are two of them.
    """
    flags = {param.name: param.opts[-1] for param in ctx.command.params}
    for first, second, reason in CONTRADICTIONS:
        if all(ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE for name in (first, second)):
            raise click.UsageError(f"{flags[first]} and {flags[second]} contradict each other: {reason}")


WAIT_OPTIONS = ("poll_interval", "timeout", "no_exit_status", "fail_on_errors", "empty_ok")
wait_options = together(
    click.option(
        "--poll-interval",
        type=NumberRange(min=0, min_open=True),
        metavar="SECONDS",
        help="Seconds between two polls.  [default: few at first, then by age and earlier runs]",
    ),
    click.option(
        "--timeout",
        type=NumberRange(min=0, min_open=True),
        default=600.0,
        show_default=True,
        metavar="SECONDS",
        help="The most seconds to wait.",
    ),
    click.option(
        "--no-exit-status", is_flag=True, help="Exit with 0 however the run ended, not with 6 for failed or cancelled."
    ),
    click.option("--fail-on-errors", is_flag=True, help="Exit with 6 also when items ended in error."),
    click.option("--empty-ok", is_flag=True, help="Exit with 0 also when the server cancelled a run without work."),
)

"""Queries of `--query`, in JMESPath."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from axtasks.cli.errors import Exit, OutputError
from axtasks.extras import install_command

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from jmespath.parser import ParsedResult


HINT = "'--query'"
SCALAR_COLUMN = "value"


def compile_query(expression: str) -> ParsedResult:
    """Compile a JMESPath expression.

    Raises:
        click.UsageError: it is not JMESPath, or jmespath is not installed.
    """
    try:
        from jmespath import compile as compiled
        from jmespath.exceptions import JMESPathError
        from jmespath.functions import Functions
    except ImportError:
        raise click.UsageError(f"--query needs jmespath: {install_command('cli')}") from None
    try:
        query = compiled(expression)
    except JMESPathError as error:
        raise click.BadParameter(f"{expression!r} is not JMESPath: {_in_one_line(error)}", param_hint=HINT) from None
    unknown = sorted(set(_functions(query.parsed)) - set(Functions.FUNCTION_TABLE))
    if unknown:
        raise click.BadParameter(f"{expression!r} uses a function there is not: {unknown[0]}()", param_hint=HINT)
    return query


def _functions(node: object) -> Iterator[str]:
    """Yield the names of all functions in a syntax tree, whether or not they will be called."""
    if isinstance(node, dict):
        if node.get("type") == "function_expression":
            yield str(node["value"])
        for child in node.get("children", ()):
            yield from _functions(child)


def run_query(query: ParsedResult, document: dict[str, Any]) -> Any:
    """Return the result of a query over a document.

    Raises:
        OutputError: the query fails on this document.
    """
    from jmespath.exceptions import JMESPathError

    try:
        return query.search(document)
    except JMESPathError as error:
        raise OutputError(f"the query {query.expression!r} failed: {_in_one_line(error)}") from error


class QueryMisfitError(OutputError):
    """Error for a query that begins with what the document does not have."""

    exit_code = Exit.UNEXPECTED


# Parts of a syntax tree that are evaluated by their first child, and those of lists among them.
_OF_LISTS = ("projection", "filter_projection", "flatten", "index_expression")
_BY_FIRST_CHILD = ("subexpression", "pipe", *_OF_LISTS)


def check_fit(query: ParsedResult, document: dict[str, Any], *, known: Collection[str]) -> None:
    """Check that a query which found nothing begins with something that the document has.

    Args:
        query: the query.
        document: the document.
        known: fields that the document might have besides.

    Raises:
        QueryMisfitError: it does not, so it would find nothing in any document of this form.
    """
    node, wants_list = query.parsed, False
    while node["type"] in _BY_FIRST_CHILD:
        wants_list = node["type"] in _OF_LISTS
        node = node["children"][0]
    is_field = node["type"] == "field"
    is_missing = is_field and node["value"] not in document and node["value"] not in known
    if not is_missing and not (wants_list and node["type"] in {"identity", "current"}):
        return
    lists = [name for name, value in document.items() if isinstance(value, list)]
    hint = "" if is_field or len(lists) != 1 else f", as in '{lists[0]}{query.expression.lstrip('@')}'"
    raise QueryMisfitError(
        f"the query {query.expression!r} finds nothing in a document of this form: {_form(document)}{hint}"
    )


def _form(document: dict[str, Any]) -> str:
    """Return the names in a document, with those of the items of its lists."""
    names = [f"{name}: [{_form(value[0])}]" if _has_objects(value) else name for name, value in document.items()]
    return f"{{{', '.join(names)}}}"


def _has_objects(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def rows_found(found: object) -> list[dict[str, Any]]:
    """Return the result of a query as rows: objects as they are, anything simpler as objects with one field.

    Raises:
        OutputError: it cannot be shown in rows.
    """
    items: list[Any] = found if isinstance(found, list) else [] if found is None else [found]
    if all(isinstance(item, dict) for item in items):
        return items
    if any(isinstance(item, dict | list) for item in items):
        raise OutputError(
            "the query finds lists within its list, which do not fit into rows: name the fields, as in"
            " 'tasks[].{id: id, name: name}', or use --output json"
        )
    return [{SCALAR_COLUMN: item} for item in items]


def _in_one_line(error: Exception) -> str:
    return " ".join(str(error).split())

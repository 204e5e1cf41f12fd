"""Rows of a list as a pandas DataFrame, with the types of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axtasks.extras import install_command

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd
    from axtasks_api.codec import Field

# Types of pandas that have a value for what is missing, by those of fields.
_NULLABLE: dict[str, Any] = {"int": "Int64", "bool": "boolean", "float": "float64"}


def data_frame(rows: Sequence[Mapping[str, Any]], fields: Sequence[Field], *, flatten: bool) -> pd.DataFrame:
    """Return a row for each JSON object, and a column for each field, then for what the contract does not know.

    Args:
        rows: the JSON objects.
        fields: the fields of the contract, in its order.
        flatten: whether nested objects become columns of their own, with dots in their names.

    Raises:
        ImportError: pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise ImportError(f"to_df() needs pandas: {install_command('pandas')}") from error
    names = dict.fromkeys([*(field.json_name for field in fields), *(name for row in rows for name in row)])
    if flatten:
        rows = [dict(_flat(row)) for row in rows]
        names = dict.fromkeys(column for name in names for column in _columns_of(name, rows))
    frame = pd.DataFrame([dict(row) for row in rows], columns=list(names))
    for field in fields:
        kind, name = field.type.removesuffix(" | None"), field.json_name
        if name not in frame:
            continue
        if kind == "datetime":
            # RFC 3339 lets the T and the Z be small letters, which pandas does not.
            texts = frame[name].map(str.upper, na_action="ignore")
            frame[name] = pd.to_datetime(texts, utc=True, format="ISO8601")
        elif kind in _NULLABLE:
            frame[name] = _of_type(frame[name], _NULLABLE[kind])
    return frame


def _of_type(column: pd.Series[Any], kind: Any) -> pd.Series[Any]:
    """Return a column as a type of pandas; as it is where a server sent values of others, which models keep too."""
    try:
        return column.astype(kind)
    except (TypeError, ValueError, OverflowError):
        return column


def _flat(row: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the values within an object by their dotted names; lists are kept."""
    for name, value in row.items():
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _columns_of(name: str, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the columns of a field in flat rows: those within it if there are any."""
    within = list(dict.fromkeys(column for row in rows for column in row if column.startswith(f"{name}.")))
    return within or [name]

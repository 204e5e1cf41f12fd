"""JSON schemas of the type annotations in the vendor's generated code."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Schema = dict[str, Any]

PREFIX = "#/components/schemas/"
PLAIN: dict[str, Schema] = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "StrictStr": {"type": "string"},
    "StrictInt": {"type": "integer"},
    "StrictFloat": {"type": "number"},
    "StrictBool": {"type": "boolean"},
    "datetime": {"type": "string", "format": "date-time"},
    "object": {},
    "Any": {},
}
# The limits that a field may have, by what is limited.
NUMBERS = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}
LENGTHS = {"array": {"min_length": "minItems", "max_length": "maxItems"}}
TEXT_LENGTHS = {"min_length": "minLength", "max_length": "maxLength"}
_NUMERIC_TYPES = ("integer", "number")
# Ways in which code of another form fails to be read, besides those that are told apart.
OF_ANOTHER_FORM = (AttributeError, KeyError, StopIteration, TypeError, ValueError)


class VendorError(Exception):
    """The vendor's package is not what it should be, or could not be installed."""


def classes_in(file: Path) -> Iterator[ast.ClassDef]:
    """Yield the classes of a module, which is read and not run.

    Raises:
        VendorError: it is no Python.
    """
    try:
        body = ast.parse(file.read_text(encoding="utf-8")).body
    except (SyntaxError, ValueError) as error:
        raise VendorError(f"{file.name} is no Python: {error}") from error
    yield from (node for node in body if isinstance(node, ast.ClassDef))


def schema_of(annotation: ast.expr) -> Schema:
    """Return the schema that an annotation says; that a field may be left out is no part of it.

    Raises:
        VendorError: it has a form that the vendor's generator did not have before.
    """
    match annotation:
        case ast.Name(id=name):
            return dict(PLAIN[name]) if name in PLAIN else {"$ref": PREFIX + name}
        case ast.Subscript(value=ast.Name(id="Optional"), slice=inner):
            return schema_of(inner)
        case ast.Subscript(value=ast.Name(id="List"), slice=inner):
            return {"type": "array", "items": schema_of(inner)}
        case ast.Subscript(value=ast.Name(id="Dict"), slice=ast.Tuple(elts=[_, inner])):
            values = schema_of(inner)
            return {"type": "object", "additionalProperties": values} if values else {"type": "object"}
        case ast.Subscript(value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[inner, ast.Call() as field])):
            return {**schema_of(inner), **limits_of(field, str(schema_of(inner).get("type")))}
        case ast.Subscript(value=ast.Name(id="Union"), slice=ast.Tuple(elts=variants)):
            return _union([schema_of(variant) for variant in variants])
    raise VendorError(f"{ast.unparse(annotation)} is not understood")


def limits_of(field: ast.Call, kind: str) -> Schema:
    """Return the limits that a call of `Field` gives to a value of a JSON type."""
    names = NUMBERS | LENGTHS.get(kind, TEXT_LENGTHS)
    return {
        names[word.arg]: word.value.value
        for word in field.keywords
        if word.arg in names and isinstance(word.value, ast.Constant) and (word.value.value or kind in _NUMERIC_TYPES)
    }


def _union(variants: list[Schema]) -> Schema:
    """Return one schema for variants: for those of a number, which the generator writes twice, a number."""
    types = {str(variant.get("type")) for variant in variants}
    if types <= set(_NUMERIC_TYPES):
        return {**variants[0], "type": "number"}
    return {"oneOf": variants}

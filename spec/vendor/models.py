"""Schemas of the models in the vendor's package, read out of their source."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .annotations import OF_ANOTHER_FORM, Schema, VendorError, classes_in, limits_of, schema_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHOICES = {"one_of_schemas": ("oneOf", "oneof_schema_"), "any_of_schemas": ("anyOf", "anyof_schema_")}
# What the vendor's generator writes for models that refuse a field they do not have.
REFUSAL = "Error due to additional fields"
TOLERANT = "additional_properties"


def read_models(folder: Path) -> dict[str, Schema]:
    """Return the schema of each model in a folder of modules, by its name.

    Raises:
        VendorError: a model has a form that is not known.
    """
    found: dict[str, Schema] = {}
    for file in sorted(folder.glob("*.py")):
        for node in classes_in(file):
            try:
                found[node.name] = _read_class(node)
            except (VendorError, *OF_ANOTHER_FORM) as error:
                raise VendorError(f"{file.name}: {node.name}: {error}") from error
    return found


def _read_class(node: ast.ClassDef) -> Schema:
    if any(isinstance(base, ast.Name) and base.id == "Enum" for base in node.bases):
        return _enum(node)
    fields = {
        statement.target.id: statement
        for statement in node.body
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
    }
    for mark, (word, prefix) in CHOICES.items():
        if mark in fields:
            variants = [schema_of(field.annotation) for name, field in fields.items() if name.startswith(prefix)]
            return {word: variants}
    return _object(node, fields)


def _enum(node: ast.ClassDef) -> Schema:
    values = [
        statement.value.value
        for statement in node.body
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
    ]
    return {"type": "integer" if all(isinstance(value, int) for value in values) else "string", "enum": values}


def _object(node: ast.ClassDef, fields: dict[str, ast.AnnAssign]) -> Schema:
    functions = {statement.name: statement for statement in node.body if isinstance(statement, ast.FunctionDef)}
    nullable = set(_nullable(functions["to_dict"])) if "to_dict" in functions else set()
    properties: dict[str, Schema] = {}
    required: list[str] = []
    for name, field in fields.items():
        if name.startswith("_") or name in {TOLERANT, "model_config"}:
            continue
        call = field.value if isinstance(field.value, ast.Call) else None
        schema = schema_of(field.annotation)
        schema |= limits_of(call, str(schema.get("type"))) if call else {}
        schema |= _checks(node, name)
        words = {word.arg: word.value for word in call.keywords} if call else {}
        alias = words.get("alias")
        sent = str(alias.value) if isinstance(alias, ast.Constant) else name
        properties[sent] = _or_null(schema) if name in nullable else schema
        if "default" not in words and (field.value is None or call is not None):
            required.append(sent)
    schema = {"type": "object", "properties": properties}
    if required:
        schema["required"] = sorted(required)
    if "from_dict" in functions and REFUSAL in ast.unparse(functions["from_dict"]):
        schema["additionalProperties"] = False
    return schema


def _nullable(to_dict: ast.FunctionDef) -> Iterator[str]:
    """Yield the fields for which a model writes null: `if self.x is None and "x" in self.model_fields_set`."""
    for node in ast.walk(to_dict):
        match node:
            case ast.BoolOp(values=[ast.Compare(left=ast.Attribute(attr=name), ops=[ast.Is()]), ast.Compare()]):
                yield name


def _checks(node: ast.ClassDef, field: str) -> Schema:
    """Return the values and the pattern that the validators of a field hold it to."""
    found: Schema = {}
    for statement in node.body:
        if not isinstance(statement, ast.FunctionDef) or not any(
            isinstance(each, ast.Call) and each.args and ast.literal_eval(each.args[0]) == field
            for each in statement.decorator_list
        ):
            continue
        for call in (each for each in ast.walk(statement) if isinstance(each, ast.Call)):
            match call:
                case ast.Call(func=ast.Name(id="set"), args=[ast.List(elts=values)]):
                    found["enum"] = [ast.literal_eval(value) for value in values]
                case ast.Call(func=ast.Attribute(attr="match"), args=[ast.Constant(value=pattern), _]):
                    # A quote needs no escape but in the source.
                    found["pattern"] = str(pattern).replace('\\"', '"')
    return found


def _or_null(schema: Schema) -> Schema:
    if not schema:
        return schema
    if "type" in schema and "enum" not in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"oneOf": [schema, {"type": "null"}]}

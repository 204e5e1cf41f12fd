"""Operations of the vendor's package, read out of the source of its API classes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from .annotations import OF_ANOTHER_FORM, VendorError, classes_in, schema_of

if TYPE_CHECKING:
    from pathlib import Path

Document = dict[str, Any]
JSON = "application/json"


def read_operations(folder: Path) -> dict[str, Document]:
    """Return the paths of the API classes in a folder, with their operations.

    Raises:
        VendorError: an operation has a form that is not known.
    """
    paths: dict[str, Document] = {}
    for file in sorted(folder.glob("*_api.py")):
        for node in classes_in(file):
            functions = {each.name: each for each in node.body if isinstance(each, ast.FunctionDef)}
            for name, function in functions.items():
                if (serialize := functions.get(f"_{name}_serialize")) is not None:
                    try:
                        path, method, operation = _operation(function, serialize)
                    except (VendorError, *OF_ANOTHER_FORM) as error:
                        raise VendorError(f"{file.name}: {name}: {error}") from error
                    paths.setdefault(path, {})[method] = operation
    return paths


def _operation(function: ast.FunctionDef, serialize: ast.FunctionDef) -> tuple[str, str, Document]:
    sent = _sent(serialize)
    operation: Document = {"parameters": [], "responses": _responses(function)}
    arguments = function.args
    defaults = [None] * (len(arguments.args) - len(arguments.defaults)) + arguments.defaults
    for argument, default in zip(arguments.args, defaults, strict=True):
        if argument.arg == "self" or argument.arg.startswith("_") or argument.annotation is None:
            continue
        is_required = default is None
        schema = schema_of(argument.annotation)
        if argument.arg in sent:
            place, name = sent[argument.arg]
            operation["parameters"].append({"name": name, "in": place, "required": is_required, "schema": schema})
        else:
            operation["requestBody"] = {"required": is_required, "content": {JSON: {"schema": schema}}}
    words = _request(serialize)
    return words["resource_path"], words["method"].lower(), operation


def _request(serialize: ast.FunctionDef) -> dict[str, str]:
    """Return the path and the method that a request is made with."""
    for node in ast.walk(serialize):
        if isinstance(node, ast.Call) and any(word.arg == "resource_path" for word in node.keywords):
            return {
                word.arg: str(word.value.value)
                for word in node.keywords
                if word.arg in {"resource_path", "method"} and isinstance(word.value, ast.Constant)
            }
    raise VendorError("the path is not found")


def _sent(serialize: ast.FunctionDef) -> dict[str, tuple[str, str]]:
    """Return where each argument is sent that is no body, and under which name."""
    found: dict[str, tuple[str, str]] = {}
    for node in ast.walk(serialize):
        match node:
            case ast.Assign(
                targets=[ast.Subscript(value=ast.Name(id="_path_params"), slice=ast.Constant(value=name))], value=value
            ):
                found[_argument(value)] = ("path", str(name))
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="_query_params"), attr="append"),
                args=[ast.Tuple(elts=[ast.Constant(value=name), value])],
            ):
                found[_argument(value)] = ("query", str(name))
    return found


def _argument(value: ast.expr) -> str:
    """Return the argument in an expression such as `type.value` or `since.strftime(...)`."""
    return next(node.id for node in ast.walk(value) if isinstance(node, ast.Name))


def _responses(function: ast.FunctionDef) -> Document:
    for node in ast.walk(function):
        match node:
            case ast.AnnAssign(target=ast.Name(id="_response_types_map"), value=ast.Dict(keys=keys, values=values)):
                return {
                    str(ast.literal_eval(key)): _response(ast.literal_eval(value))
                    for key, value in zip(keys, values, strict=True)
                    if key is not None
                }
    raise VendorError("the responses are not found")


def _response(type_: str | None) -> Document:
    if type_ is None:
        return {"description": ""}
    schema = schema_of(ast.parse(type_, mode="eval").body)
    return {"description": "", "content": {JSON: {"schema": schema}}}

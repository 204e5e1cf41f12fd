"""The overlay that turns a contract into one that answers go with: OpenAPI Overlay 1.0, each action with its reason."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .compare import ANY_MEDIA_TYPE, CHOICES, FindingKind, Seen
from .openapi import fits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .openapi import OpenApiDocument, Pointer
    from .redact import Redactor
    from .traffic import RecordedExchange

_PLAIN_NAME = re.compile(r"[A-Za-z_]\w*")
# A part of a path that names one thing of many: long, and not a word.
_ID = re.compile(r"(?=.*[\dA-Z=%])[^/]{6,}|\d+")
# Beside the values of a list: what Python calls them.
_PYTHON_NAMES = "x-python-values"
# What says which values there may be.
_LISTS = ("enum", "const")
_TYPE_NAMES: dict[type, str] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    dict: "object",
    list: "array",
    type(None): "null",
}


def suggested(contract: OpenApiDocument, found: Sequence[Seen], redactor: Redactor) -> dict[str, Any]:
    """The overlay after which the same answers are as the contract says.

    Args:
        contract: the contract they were compared with.
        found: where they are not as it says.
        redactor: what keeps secrets out of it.
    """
    return {
        "overlay": "1.0.0",
        "info": {"title": f"What answers have beyond the {contract.name} contract", "version": "1.0.0"},
        "actions": _Suggestion(contract, redactor).actions(found),
    }


class _Suggestion:
    def __init__(self, contract: OpenApiDocument, redactor: Redactor) -> None:
        self._contract = contract
        self._redactor = redactor
        self._updates: list[dict[str, Any]] = []
        # Last, since updates may name what they take away.
        self._removals: list[dict[str, Any]] = []

    def actions(self, found: Sequence[Seen]) -> list[dict[str, Any]]:
        groups: dict[tuple[FindingKind, Pointer, str], list[Seen]] = {}
        for seen in found:
            groups.setdefault((seen.finding.kind, seen.finding.pointer, self._apart(seen)), []).append(seen)
        ways: dict[FindingKind, Callable[[Pointer, list[Seen]], None]] = {
            FindingKind.UNKNOWN_FIELD: self._field,
            FindingKind.MISSING_FIELD: self._missing,
            FindingKind.UNKNOWN_VALUE: self._values,
            FindingKind.UNKNOWN_VARIANT: self._variant,
            FindingKind.WRONG_TYPE: self._type,
            FindingKind.WRONG_BODY: self._body,
            FindingKind.MEDIA_TYPE: self._response,
            FindingKind.STATUS: self._status,
            FindingKind.OPERATION: self._operation,
        }
        for (kind, pointer, _), group in groups.items():
            ways[kind](pointer, group)
        return [*self._updates, *self._removals]

    def _apart(self, seen: Seen) -> str:
        """Return what tells actions at one place and of one kind apart."""
        finding, exchange = seen.finding, seen.exchange
        if finding.kind is FindingKind.UNKNOWN_VARIANT:
            return str(finding.value[finding.name])
        if finding.kind is FindingKind.STATUS:
            return str(exchange.status)
        if finding.kind is FindingKind.OPERATION:
            return f"{exchange.method} {self._template(exchange.path)}"
        return finding.name

    def _update(self, pointer: Pointer, why: str, update: object) -> None:
        self._updates.append({"target": _target(pointer), "description": why, "update": update})

    def _remove(self, target: str, why: str) -> None:
        action = {"target": target, "description": why, "remove": True}
        if all(each["target"] != target for each in self._removals):
            self._removals.append(action)

    def _field(self, pointer: Pointer, group: list[Seen]) -> None:
        name = group[0].finding.name
        if not self._redactor.may_show(name):
            why = f"{_whose(group, capital=True)} have a field that cannot be named."
            self._update(pointer, why, {"additionalProperties": True})
            return
        schema = {**inferred([seen.finding.value for seen in group]), "description": f"Seen in {_whose(group)}."}
        self._update(pointer, f"{_whose(group, capital=True)} have a field {name}.", {"properties": {name: schema}})

    def _missing(self, pointer: Pointer, group: list[Seen]) -> None:
        name = group[0].finding.name
        target = f"{_target((*pointer, 'required'))}[?@ == {_quoted(name)}]"
        self._remove(target, f"{_whose(group, capital=True)} do not always have the field {name}.")

    def _values(self, pointer: Pointer, group: list[Seen]) -> None:
        values = list(dict.fromkeys(seen.finding.value for seen in group))
        shown = ", ".join(map(str, values))
        self._allow(pointer, values, f"{_whose(group, capital=True)} have {shown} at {_paths(group)}.", group)

    def _allow(self, pointer: Pointer, values: Sequence[Any], why: str, group: list[Seen]) -> None:
        """Allows values where there is a list of those that may be; where one cannot be told, all of them."""
        schema = self._contract.at(pointer)
        if not all(self._redactor.may_show(str(value)) for value in values):
            why = f"{_whose(group, capital=True)} have values at {_paths(group)} that cannot be listed."
            for name in (*_LISTS, _PYTHON_NAMES):
                if name in schema:
                    self._remove(_target((*pointer, name)), why)
            return
        names = {_PYTHON_NAMES: [str(value).lower() for value in values]} if _PYTHON_NAMES in schema else {}
        if "enum" in schema:
            self._update(pointer, why, {"enum": list(values), **names})
        elif "const" in schema:
            self._update(pointer, why, {"enum": [schema["const"], *values], **names})
            self._remove(_target((*pointer, "const")), why)

    def _type(self, pointer: Pointer, group: list[Seen]) -> None:
        schema, values = self._contract.at(pointer), [seen.finding.value for seen in group]
        why = f"{_whose(group, capital=True)} have another type at {_paths(group)}: {', '.join(types_of(values))}."
        word = next((each for each in CHOICES if each in schema), None)
        if word is not None:
            self._update(pointer, why, {word: [inferred(values)]})
            return
        known = schema["type"]
        types = types_of(values)
        # A list grows by what is given, a text is replaced by it.
        self._update(pointer, why, {"type": types if isinstance(known, list) else [known, *types]})
        plain = list(dict.fromkeys(value for value in values if not isinstance(value, dict | list)))
        if plain and any(name in schema for name in _LISTS):
            self._allow(pointer, plain, why, group)

    def _variant(self, pointer: Pointer, group: list[Seen]) -> None:
        name, values = group[0].finding.name, [seen.finding.value for seen in group]
        tag = str(values[0][name])
        schema, word = inferred(values), next(each for each in CHOICES if each in self._contract.at(pointer))
        if not self._redactor.may_show(tag):
            why = f"{_whose(group, capital=True)} have a variant at {_paths(group)} that cannot be named."
            self._update(pointer, why, {word: [schema]})
            self._remove(_target((*pointer, "discriminator")), why)
            return
        why = f"{_whose(group, capital=True)} have a variant {tag} at {_paths(group)}."
        schema["properties"][name] = {"type": "string", "const": tag, "default": tag}
        title = f"{pointer[-1]}{''.join(part.capitalize() for part in re.split(r'[^A-Za-z0-9]+', tag))}"
        reference = f"#/components/schemas/{title}"
        added = {**schema, "required": [name], "description": f"Seen in {_whose(group)}."}
        self._update(("components", "schemas"), why, {title: added})
        mapping = {"discriminator": {"mapping": {tag: reference}}}
        self._update(pointer, why, {word: [{"$ref": reference}], **mapping})

    def _body(self, pointer: Pointer, group: list[Seen]) -> None:
        content = self._contract.at(pointer).get("content", {})
        if not content:
            self._response(pointer, group)
        for media_type, media in content.items():
            if "schema" in media:
                why = f"{_whose(group, capital=True)} do not always have JSON for a body."
                self._remove(_target((*pointer, "content", media_type, "schema")), why)

    def _response(self, pointer: Pointer, group: list[Seen]) -> None:
        content = _content([seen.exchange for seen in group])
        self._update(
            pointer, f"{_whose(group, capital=True)} have bodies of {', '.join(content)}.", {"content": content}
        )

    def _status(self, pointer: Pointer, group: list[Seen]) -> None:
        why = f"{_whose(group, capital=True)} have the status {group[0].exchange.status}."
        self._update(pointer, why, _responses([seen.exchange for seen in group]))

    def _operation(self, pointer: Pointer, group: list[Seen]) -> None:
        exchanges = [seen.exchange for seen in group]
        method, path = exchanges[0].method, self._template(exchanges[0].path)
        operation: dict[str, Any] = {
            "operationId": re.sub(r"\W+", "_", f"{method.lower()}{path}").strip("_"),
            "summary": f"Seen in traffic: {method} {path}.",
            "responses": _responses(exchanges),
        }
        parameters = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in re.findall(r"\{([^}]+)\}", path)
        ]
        known = path in self._contract.document["paths"]
        if parameters and not (known and "parameters" in self._contract.at((*pointer, path))):
            operation["parameters"] = parameters
        self._update(pointer, f"{method} {path} was asked for.", {path: {method.lower(): operation}})

    def _template(self, path: str) -> str:
        """A path that the contract does not have, or not with this method, with parameters for ids."""
        known = next((each for each in self._contract.document["paths"] if fits(each, path)), None)
        if known is not None:
            return str(known)
        steps, count = [], 0
        for step in path.split("/"):
            is_id = _ID.fullmatch(step) is not None or not self._redactor.may_show(step)
            count += is_id
            steps.append(f"{{id{count if count > 1 else ''}}}" if is_id else step)
        return "/".join(steps)


def _responses(exchanges: Sequence[RecordedExchange]) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for status in sorted({exchange.status for exchange in exchanges}):
        response: dict[str, Any] = {"description": "Seen in traffic."}
        if content := _content([exchange for exchange in exchanges if exchange.status == status]):
            response["content"] = content
        responses[str(status)] = response
    return responses


def _content(exchanges: Sequence[RecordedExchange]) -> dict[str, Any]:
    """By media type, what bodies look like; nothing is said of those that are not always JSON."""
    content: dict[str, Any] = {}
    is_sometimes_empty = any(exchange.content == b"" for exchange in exchanges)
    for exchange in exchanges:
        if exchange.content:
            content.setdefault(exchange.media_type or ANY_MEDIA_TYPE, []).append(exchange)
    return {
        media_type: {} if is_sometimes_empty or (schema := _schema(those)) is None else {"schema": schema}
        for media_type, those in content.items()
    }


def _schema(exchanges: Sequence[RecordedExchange]) -> dict[str, Any] | None:
    try:
        return inferred([exchange.json for exchange in exchanges])
    except ValueError:
        return None


def _whose(group: Sequence[Seen], *, capital: bool = False) -> str:
    """The answers that actions are for."""
    return f"{'A' if capital else 'a'}nswers of {', '.join(dict.fromkeys(seen.operation for seen in group))}"


def _paths(group: Sequence[Seen]) -> str:
    return ", ".join(dict.fromkeys(seen.finding.path for seen in group))


def _target(pointer: Pointer) -> str:
    """The JSONPath of a place."""
    return "$" + "".join(
        f".{step}"
        if isinstance(step, str) and _PLAIN_NAME.fullmatch(step)
        else f"[{_quoted(step) if isinstance(step, str) else step}]"
        for step in pointer
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def types_of(values: Sequence[Any]) -> list[str]:
    """The JSON types of some values, each once."""
    found = list(dict.fromkeys(_TYPE_NAMES[type(value)] for value in values))
    return [each for each in found if each != "integer" or "number" not in found]


def inferred(values: Sequence[Any]) -> dict[str, Any]:
    """A schema that all of some values fit: types, fields and items, and nothing of what the values are."""
    types = types_of(values)
    if not types:
        return {}
    schema: dict[str, Any] = {"type": types[0] if len(types) == 1 else types}
    objects = [value for value in values if isinstance(value, dict)]
    names = dict.fromkeys(name for each in objects for name in each)
    if names:
        schema["properties"] = {name: inferred([each[name] for each in objects if name in each]) for name in names}
    items = [item for value in values if isinstance(value, list) for item in value]
    if items:
        schema["items"] = inferred(items)
    return schema

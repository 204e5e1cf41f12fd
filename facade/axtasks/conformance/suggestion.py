"""Suggestion of a change to the contract (OpenAPI Overlay 1.0): each action has its reason."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .compare import FindingKind
from .openapi import ANY_MEDIA_TYPE, CHOICES, json_path, json_type, quote
from .redact import Redactor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .compare import Finding
    from .openapi import JsonObject, OpenApiDocument, Pointer
    from .traffic import RecordedExchange

# A step of a path that is an id: long, and not a word.
_ID = re.compile(r"(?=.*[\dA-Z=%])[^/]{6,}|\d+")
# Beside the values of an enum: their names in Python.
_PYTHON_NAMES = "x-python-values"
# The words of a schema that list its values.
_LISTS = ("enum", "const")
# What is nested more deeply is left open: a response may be nested more deeply than functions can call themselves.
MOST_LEVELS = 50


def suggest_overlay(
    contract: OpenApiDocument, findings: Iterable[Finding], *, secrets: Iterable[str] = ()
) -> JsonObject:
    """Write the overlay with which the contract fits the responses. It has names, types and values, but no secrets.

    Args:
        contract: the contract that was compared with.
        findings: the findings, from `compare`.
        secrets: those of the traffic.

    Returns:
        the overlay as JSON.
    """
    return {
        "overlay": "1.0.0",
        "info": {"title": f"What answers have beyond the {contract.name} contract", "version": "1.0.0"},
        "actions": _OverlayWriter(contract, Redactor(secrets)).actions(findings),
    }


class _FindingGroup:
    """Findings of one kind at one place, which one change of the contract covers."""

    def __init__(self, findings: list[Finding]) -> None:
        self.first = findings[0]
        self.pointer = self.first.pointer
        self.values = [finding.value for finding in findings]
        self.exchanges = [finding.exchange for finding in findings]
        self.paths = ", ".join(dict.fromkeys(finding.path for finding in findings))
        self._operations = ", ".join(dict.fromkeys(finding.operation for finding in findings))
        self.seen_in = f"Seen in answers of {self._operations}."

    def reason(self, predicate: str) -> str:
        return f"Answers of {self._operations} {predicate}."


class _OverlayWriter:
    """Collects the actions of an overlay."""

    def __init__(self, contract: OpenApiDocument, redactor: Redactor) -> None:
        self._contract = contract
        self._redactor = redactor
        self._updates: list[JsonObject] = []
        # By target. They come last, since updates may name what they remove.
        self._removals: dict[str, JsonObject] = {}

    def actions(self, findings: Iterable[Finding]) -> list[JsonObject]:
        writers: dict[FindingKind, Callable[[_FindingGroup], None]] = {
            FindingKind.UNKNOWN_FIELD: self._add_field,
            FindingKind.MISSING_FIELD: self._make_optional,
            FindingKind.UNKNOWN_VALUE: self._add_values,
            FindingKind.UNKNOWN_VARIANT: self._add_variant,
            FindingKind.WRONG_TYPE: self._add_types,
            FindingKind.WRONG_BODY: self._relax_body,
            FindingKind.MEDIA_TYPE: self._add_media_types,
            FindingKind.STATUS: self._add_status,
            FindingKind.OPERATION: self._add_operation,
        }
        groups: dict[tuple[FindingKind, Pointer, str], list[Finding]] = {}
        for finding in findings:
            groups.setdefault((finding.kind, finding.pointer, self._subject(finding)), []).append(finding)
        for (kind, _, _), group in groups.items():
            writers[kind](_FindingGroup(group))
        return [*self._updates, *self._removals.values()]

    def _subject(self, finding: Finding) -> str:
        """Return what tells apart the actions of one kind at one place."""
        if finding.kind is FindingKind.UNKNOWN_VARIANT:
            return str(finding.example)
        if finding.kind is FindingKind.STATUS:
            return str(finding.exchange.status)
        if finding.kind is FindingKind.OPERATION:
            return f"{finding.exchange.method} {self._template(finding.exchange.path)}"
        return finding.name

    def _update(self, pointer: Pointer, reason: str, update: JsonObject) -> None:
        self._updates.append({"target": json_path("$", *pointer), "description": reason, "update": update})

    def _remove(self, pointer: Pointer, reason: str, *, item: str | None = None) -> None:
        target = json_path("$", *pointer) + ("" if item is None else f"[?@ == {quote(item)}]")
        self._removals.setdefault(target, {"target": target, "description": reason, "remove": True})

    def _add_field(self, group: _FindingGroup) -> None:
        name = group.first.name
        if not self._redactor.may_show(name):
            reason = group.reason("have a field that cannot be named")
            self._update(group.pointer, reason, {"additionalProperties": True})
            return
        schema = {**infer_schema(group.values), "description": group.seen_in}
        self._update(group.pointer, group.reason(f"have a field {name}"), {"properties": {name: schema}})

    def _make_optional(self, group: _FindingGroup) -> None:
        name = group.first.name
        self._remove((*group.pointer, "required"), group.reason(f"do not always have the field {name}"), item=name)

    def _add_values(self, group: _FindingGroup) -> None:
        values = list(dict.fromkeys(group.values))
        self._allow(group, values, group.reason(f"have {', '.join(map(str, values))} at {group.paths}"))

    def _allow(self, group: _FindingGroup, values: Sequence[object], reason: str) -> None:
        """Add values to those that the schema lists; if one of them cannot be shown, remove the list."""
        schema = self._contract.at(group.pointer)
        if not all(self._redactor.may_show(str(value)) for value in values):
            reason = group.reason(f"have values at {group.paths} that cannot be listed")
            for name in (each for each in (*_LISTS, _PYTHON_NAMES) if each in schema):
                self._remove((*group.pointer, name), reason)
            return
        names = {_PYTHON_NAMES: [str(value).lower() for value in values]} if _PYTHON_NAMES in schema else {}
        if "enum" in schema:
            self._update(group.pointer, reason, {"enum": list(values), **names})
        elif "const" in schema:
            self._update(group.pointer, reason, {"enum": [schema["const"], *values], **names})
            self._remove((*group.pointer, "const"), reason)

    def _add_types(self, group: _FindingGroup) -> None:
        schema, types = self._contract.at(group.pointer), _types_of(group.values)
        reason = group.reason(f"have another type at {group.paths}: {', '.join(types)}")
        choice = next((word for word in CHOICES if word in schema), None)
        if choice is not None:
            self._update(group.pointer, reason, {choice: [infer_schema(group.values)]})
            return
        known = schema["type"]
        # An update appends to a list, but replaces a text.
        self._update(group.pointer, reason, {"type": types if isinstance(known, list) else [known, *types]})
        scalars = list(dict.fromkeys(value for value in group.values if not isinstance(value, dict | list)))
        if scalars and any(name in schema for name in _LISTS):
            self._allow(group, scalars, reason)

    def _add_variant(self, group: _FindingGroup) -> None:
        name, tag = group.first.name, str(group.first.example)
        schema = infer_schema(group.values)
        choice = next(word for word in CHOICES if word in self._contract.at(group.pointer))
        if not self._redactor.may_show(tag):
            reason = group.reason(f"have a variant at {group.paths} that cannot be named")
            self._update(group.pointer, reason, {choice: [schema]})
            self._remove((*group.pointer, "discriminator"), reason)
            return
        reason = group.reason(f"have a variant {tag} at {group.paths}")
        schema["properties"][name] = {"type": "string", "const": tag, "default": tag}
        title = f"{group.pointer[-1]}{''.join(part.capitalize() for part in re.split(r'[^A-Za-z0-9]+', tag))}"
        reference = f"#/components/schemas/{title}"
        added = {**schema, "required": [name], "description": group.seen_in}
        self._update(("components", "schemas"), reason, {title: added})
        mapping = {"discriminator": {"mapping": {tag: reference}}}
        self._update(group.pointer, reason, {choice: [{"$ref": reference}], **mapping})

    def _relax_body(self, group: _FindingGroup) -> None:
        content = self._contract.at(group.pointer).get("content", {})
        if not content:
            self._add_media_types(group)
        for media_type, media in content.items():
            if "schema" in media:
                reason = group.reason("do not always have JSON for a body")
                self._remove((*group.pointer, "content", media_type, "schema"), reason)

    def _add_media_types(self, group: _FindingGroup) -> None:
        content = _content(group.exchanges)
        self._update(group.pointer, group.reason(f"have bodies of {', '.join(content)}"), {"content": content})

    def _add_status(self, group: _FindingGroup) -> None:
        reason = group.reason(f"have the status {group.first.exchange.status}")
        self._update(group.pointer, reason, _responses(group.exchanges))

    def _add_operation(self, group: _FindingGroup) -> None:
        method, path = group.first.exchange.method, self._template(group.first.exchange.path)
        operation: JsonObject = {
            "operationId": re.sub(r"\W+", "_", f"{method.lower()}{path}").strip("_"),
            "summary": f"Seen in traffic: {method} {path}.",
            "responses": _responses(group.exchanges),
        }
        parameters = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in re.findall(r"\{([^}]+)\}", path)
        ]
        if parameters and "parameters" not in self._contract.document["paths"].get(path, {}):
            operation["parameters"] = parameters
        self._update(group.pointer, f"{method} {path} was asked for.", {path: {method.lower(): operation}})

    def _template(self, path: str) -> str:
        """Return the documented path of a request, or a new one with parameters for ids."""
        if documented := self._contract.templates(path):
            return documented[0]
        steps, count = [], 0
        for step in path.split("/"):
            is_id = _ID.fullmatch(step) is not None or not self._redactor.may_show(step)
            count += is_id
            steps.append(f"{{id{count if count > 1 else ''}}}" if is_id else step)
        return "/".join(steps)


def _responses(exchanges: Sequence[RecordedExchange]) -> JsonObject:
    responses: JsonObject = {}
    for status in sorted({exchange.status for exchange in exchanges}):
        response: JsonObject = {"description": "Seen in traffic."}
        if content := _content([exchange for exchange in exchanges if exchange.status == status]):
            response["content"] = content
        responses[str(status)] = response
    return responses


def _content(exchanges: Sequence[RecordedExchange]) -> JsonObject:
    """Return the schemas of bodies by media type, without one where they are not always JSON."""
    recorded: dict[str, list[RecordedExchange]] = {}
    for exchange in exchanges:
        if exchange.content:
            recorded.setdefault(exchange.media_type or ANY_MEDIA_TYPE, []).append(exchange)
    is_sometimes_empty = any(exchange.content == b"" for exchange in exchanges)
    return {media_type: {} if is_sometimes_empty else _media(those) for media_type, those in recorded.items()}


def _media(exchanges: Sequence[RecordedExchange]) -> JsonObject:
    try:
        return {"schema": infer_schema([exchange.json() for exchange in exchanges])}
    except ValueError:
        return {}


def infer_schema(values: Sequence[object], *, levels: int = MOST_LEVELS) -> JsonObject:
    """Return a schema that values fit: their types, fields and items to some levels, but not the values."""
    types = _types_of(values)
    if not types or not levels:
        return {}
    schema: JsonObject = {"type": types[0] if len(types) == 1 else types}
    objects = [value for value in values if isinstance(value, dict)]
    names = dict.fromkeys(name for each in objects for name in each)
    if names:
        schema["properties"] = {
            name: infer_schema([each[name] for each in objects if name in each], levels=levels - 1) for name in names
        }
    items = [item for value in values if isinstance(value, list) for item in value]
    if items:
        schema["items"] = infer_schema(items, levels=levels - 1)
    return schema


def _types_of(values: Sequence[object]) -> list[str]:
    """Return the JSON types of values, each once."""
    found = list(dict.fromkeys(map(json_type, values)))
    return [each for each in found if each != "integer" or "number" not in found]

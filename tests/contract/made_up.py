"""Generated JSON for the schemas of a contract, independent of the code generator's reading of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from random import Random

TEXTS = {"date-time": "2026-02-24T10:00:00.000Z", "date": "2026-02-24", "uuid": "3f1c1f0e-6a0b-4d7e-9a53-2f5a8c1d0b11"}
STRUCTURE = ("$ref", "type", "enum", "const", "properties", "oneOf", "anyOf", "allOf", "items", "additionalProperties")
FURTHER = "further member"
DEEPEST, ENDLESS = 4, 40


class EndlessError(Exception):
    """A schema that only an endless value would fit."""


class MadeUp:
    """A generator of values, the same ones for the same random source."""

    def __init__(self, contract: dict[str, Any], chance: Random) -> None:
        self._contract = contract
        self._chance = chance

    def value(self, schema: Any, depth: int = 0) -> Any:
        """Return a value that fits a schema."""
        if depth > ENDLESS:
            raise EndlessError
        if isinstance(schema, bool):
            return "anything"
        if "$ref" in schema:
            is_null = schema.get("nullable") and self._chance.random() < 1 / 4
            return None if is_null else self.value(self.at(schema["$ref"]), depth + 1)
        if schema.get("nullable") is True and self._chance.random() < 1 / 4:
            return None
        if "allOf" in schema or any(self._variants(schema, keyword) for keyword in ("oneOf", "anyOf")):
            return self._composed(schema, depth)
        if "enum" in schema:
            return self._chance.choice(schema["enum"])
        return schema["const"] if "const" in schema else self._typed(schema, depth)

    def at(self, reference: str) -> Any:
        """Return the target of a reference."""
        found = self._contract
        for step in unquote(reference.removeprefix("#/")).split("/"):
            found = found[step.replace("~1", "/").replace("~0", "~")]
        return found

    def _variants(self, schema: dict[str, Any], keyword: str) -> list[Any]:
        has_properties = "properties" in schema
        told = [
            each
            for each in schema.get(keyword, [])
            if not isinstance(each, bool) and any(name in each for name in STRUCTURE)
        ]
        return [each for each in told if not has_properties or {"$ref", "properties", "allOf"} & each.keys()]

    def _composed(self, schema: dict[str, Any], depth: int) -> Any:
        parts = [self.value(each, depth) for each in schema.get("allOf", []) if any(name in each for name in STRUCTURE)]
        for keyword in ("oneOf", "anyOf"):
            if variants := self._variants(schema, keyword):
                # The first one, so that it ends where that holds no other.
                chosen = self._chance.choice(variants if depth < DEEPEST else variants[:1])
                part = self.value(chosen, depth + 1)
                if "discriminator" in schema and isinstance(part, dict):
                    part |= self._tag(schema["discriminator"], chosen)
                parts.append(part)
        rest = {name: value for name, value in schema.items() if name not in {"allOf", "oneOf", "anyOf", "nullable"}}
        if not parts or "properties" in rest:
            parts.append(self.value(rest, depth))
        if not all(isinstance(part, dict) for part in parts):
            return parts[0]
        # A member that one of the parts allows another may not.
        return {name: value for part in parts for name, value in part.items() if name != FURTHER or len(parts) == 1}

    def _tag(self, discriminator: dict[str, Any], chosen: dict[str, Any]) -> dict[str, str]:
        name = chosen["$ref"].rpartition("/")[2]
        mapping = discriminator.get("mapping", {})
        tags = [tag for tag, target in mapping.items() if target.rpartition("/")[2] == name] or [name]
        return {discriminator["propertyName"]: self._chance.choice(tags)}

    def _typed(self, schema: dict[str, Any], depth: int) -> Any:
        kind = schema.get("type")
        if isinstance(kind, list):
            kind = self._chance.choice(kind)
        if kind is None:
            kind = "object" if "properties" in schema or "additionalProperties" in schema else "string"
        if kind == "array":
            items = schema.get("items", True)
            return [] if depth >= DEEPEST else [self.value(items, depth + 1) for _ in range(self._chance.randrange(3))]
        if kind == "object":
            return self._object(schema, depth)
        text = TEXTS.get(schema.get("format", ""), self._chance.choice(["", "text", "ünï \U0001f600", "None"]))
        scalars = {
            "string": text,
            "integer": self._chance.randrange(-5, 99),
            "number": 1.5,
            "boolean": True,
            "null": None,
        }
        return scalars[str(kind)]

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        required = schema.get("required") or []
        made = {
            name: self.value(inner, depth + 1)
            for name, inner in (schema.get("properties") or {}).items()
            if name in required or (depth < DEEPEST and self._chance.random() < 3 / 4)
        }
        further = schema.get("additionalProperties", True)
        if further is not False and depth < DEEPEST and self._chance.random() < 1 / 2:
            made[FURTHER] = "of no schema" if further is True else self.value(further, depth + 1)
        return made

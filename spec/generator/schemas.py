"""The schemas of a contract as shapes, and the classes that are made of them."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from openapi_python_client.strings import pascal_case

from .contract import ContractError, mapping, resolve, target
from .keywords import (
    SCALARS,
    STRUCTURE,
    TYPES,
    UNIONS,
    enum_type,
    further_members,
    is_model,
    may_be_null,
    refuse_contradiction,
    types_of,
    types_told,
    union_in,
)
from .names import ClassNames, attributes, member_names
from .shapes import (
    Constant,
    Day,
    EnumClass,
    EnumShape,
    ListShape,
    MapShape,
    ModelClass,
    ModelShape,
    Null,
    Property,
    Scalar,
    Shape,
    Timestamp,
    union_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .contract import Document

FORMATS: dict[str, Shape] = {"date-time": Timestamp(), "date": Day()}
COMPONENTS = "#/components/schemas/"
# More schemas are not within each other but where one stands in itself.
DEEPEST = 60
LONGEST = 120


class Schemas:
    """Reads the schemas of a contract.

    Attributes:
        models: the classes of models, by their names.
        enums: the classes of enums, by their names.
    """

    def __init__(self, contract: Document) -> None:
        self.models: dict[str, ModelClass] = {}
        self.enums: dict[str, EnumClass] = {}
        self._contract = contract
        # In OpenAPI 3.0 what stands beside a reference means nothing.
        self._has_siblings = not str(contract.get("openapi")).startswith("3.0")
        self._names = ClassNames()
        self._shapes: dict[str, Shape] = {}
        self._expanding: list[str] = []
        self._unread: deque[tuple[ModelClass, Document, str, tuple[int, ...]]] = deque()
        # The schemas within which one is read, and what became of each; an object that is kept shares its id with none.
        self._within: tuple[int, ...] = ()
        self._made: dict[int, tuple[Document, Shape]] = {}
        self._all_of: dict[int, tuple[Document, Document]] = {}
        components = mapping(mapping(contract.get("components")).get("schemas"))
        # Those that bear a name keep it, whatever is found within others.
        references = [COMPONENTS + name.replace("~", "~0").replace("/", "~1") for name in components]
        wanted = dict(zip(references, components, strict=True))
        self._reserved = {
            reference: self._names.take(self._wanted(reference, name))
            for reference, name in wanted.items()
            if self._is_class(reference)
        }
        for reference in references:
            self.shape({"$ref": reference}, "components.schemas", "")

    def shape(self, schema: object, where: str, hint: str) -> Shape:
        """Return the shape of a schema.

        Args:
            schema: the schema.
            where: its place in the contract, for refusals.
            hint: what to call a class that is made of it.

        Raises:
            ContractError: it is no schema, or nothing can be made of it.
        """
        found = self._read(schema, where, hint)
        self._read_properties()
        return found

    def resolve(self, value: object, where: str) -> tuple[Document, str]:
        """Return an object of the contract and its place, both of what it refers to if it is a reference.

        Raises:
            ContractError: the reference leads nowhere, out of the contract, or in a circle.
        """
        return resolve(self._contract, value, where)

    def described(self, schema: object, where: str) -> str:
        """Return the contract's words on a schema, or on what it refers to."""
        return str(self._plain(schema, where).get("description") or "")

    def plain(self, schema: object, where: str) -> Document:
        """Return a schema without references and `allOf`; one without members for `true` and `false`."""
        return {} if isinstance(schema, bool) else self._plain(schema, where)

    def _target(self, reference: str, where: str) -> Any:
        return target(self._contract, reference, where)

    def _plain(self, schema: object, where: str) -> Document:
        """Return a schema without references and `allOf`."""
        found, where = self.resolve(schema, where)
        return self._merged(found, where, ()) if "allOf" in found else found

    def _merged(self, schema: Document, where: str, within: tuple[int, ...]) -> Document:
        if id(schema) in within:
            raise ContractError(f"{where}: `allOf` refers to itself")
        merged: Document = {}
        closes = schema.get("additionalProperties")
        for member in [*schema.get("allOf", []), {name: schema[name] for name in schema if name != "allOf"}]:
            part, place = self.resolve(member, where)
            part = self._without_union_of(part, (id(schema), *within), place)
            part = self._merged(part, place, (*within, id(schema))) if "allOf" in part else part
            merged = self._combined(merged, part, where)
        if closes is False or "additionalProperties" in merged:
            merged["additionalProperties"] = closes if closes is False else merged["additionalProperties"] or True
        return merged

    def _without_union_of(self, part: Document, members: tuple[int, ...], where: str) -> Document:
        """Return a schema without its union where one of these, which build on it, is a variant of that."""
        variants = [self.resolve(each, where)[0] for each in union_in(part) if "$ref" in mapping(each)]
        if not any(id(each) in members for each in variants):
            return part
        return {name: value for name, value in part.items() if name not in {*UNIONS, "discriminator"}}

    def _builds_on(self, variant: object, union: list[Any], where: str) -> bool:
        """Return True for a variant of a union that has the schema with that union in its `allOf`."""
        members = self.resolve(variant, where)[0].get("allOf", []) if isinstance(variant, dict) else []
        return any(union_in(self.resolve(each, where)[0]) is union for each in members)

    def _combined(self, first: Document, second: Document, where: str) -> Document:
        first, second = (
            {key: value for key, value in each.items() if value is not None or key == "const"}
            for each in (first, second)
        )
        combined = {**first, **second}
        if "properties" in first and "properties" in second:
            both = {**first["properties"], **second["properties"]}
            for name in first["properties"].keys() & second["properties"].keys():
                both[name] = self._narrowed(first["properties"][name], second["properties"][name])
            combined["properties"] = both
        for name in ("items", "additionalProperties"):
            if name in first and name in second:
                combined[name] = self._narrowed(first[name], second[name])
        if "required" in first or "required" in second:
            combined["required"] = [*first.get("required", []), *second.get("required", [])]
        if union_in(first) and union_in(second):
            raise ContractError(f"{where}: a schema that has to be of two unions at once cannot be made")
        if first.get("type") is not None and second.get("type") is not None:
            both_types = [name for name in types_of(first) if name in types_of(second)]
            if {*types_of(first), *types_of(second)} == {"integer", "number"}:
                both_types = ["integer"]
            if not both_types:
                raise ContractError(f"{where}: no value is both of type {first['type']} and {second['type']}")
            combined["type"] = both_types
        return combined

    def _narrowed(self, first: object, second: object) -> object:
        """Return the schema of what two schemas have: the later one says as much or more, unless it allows anything."""
        if second is True:
            return first
        if not (isinstance(first, dict) and isinstance(second, dict)) or "$ref" in second:
            return second
        return first if not STRUCTURE & second.keys() else {"allOf": [first, second]}

    def _is_class(self, reference: str) -> bool:
        schema = self._plain({"$ref": reference}, "components.schemas")
        if union_in(schema) and self._variants_of(schema):
            return False
        if "$ref" in mapping(self._target(reference, "")) or self._only_reference(self._target(reference, "")):
            return False
        return enum_type(schema) is not None or ("enum" not in schema and "const" not in schema and is_model(schema))

    def _wanted(self, reference: str, name: str) -> str:
        """Return what to call the class of a named schema; `Problem` is the model of refusals, if it is a model."""
        is_other = _class_name(name) == "Problem" and not is_model(self._plain({"$ref": reference}, name))
        return f"{name}Schema" if is_other else name

    def _only_reference(self, schema: object) -> Document | None:
        """Return the one reference that an `allOf` or a union has, if the schema says nothing else of structure.

        It is nullable where something beside it is.
        """
        for keyword in ("allOf", *UNIONS):
            told = [mapping(each) for each in mapping(schema).get(keyword, [])]
            members = [each for each in told if STRUCTURE & each.keys()]
            rest = STRUCTURE & mapping(schema).keys() - {keyword, "type"}
            if len(members) != 1 or "$ref" not in members[0] or rest:
                continue
            if keyword == "allOf" and any(self._requires_more(members[0], each) for each in (mapping(schema), *told)):
                continue
            return {**members[0], "nullable": any(map(may_be_null, told))}
        return None

    def _requires_more(self, reference: Document, beside: Document) -> bool:
        """Return True if what stands beside a reference requires a property that is optional there."""
        plain = self._plain({"$ref": reference["$ref"]}, "components.schemas") if beside.get("required") else {}
        optional = mapping(plain.get("properties")).keys() - set(plain.get("required") or [])
        return any(name in optional for name in beside.get("required") or [])

    def _with_siblings(self, schema: Document) -> Document:
        """Return a reference and what stands beside it as an `allOf`, which is the same one each time."""
        beside = {key: schema[key] for key in schema if key != "$ref"}
        return self._all_of.setdefault(id(schema), (schema, {"allOf": [{"$ref": schema["$ref"]}, beside]}))[1]

    def _read(self, schema: object, where: str, hint: str) -> Shape:
        if isinstance(schema, bool):
            return Shape()
        if not isinstance(schema, dict):
            raise ContractError(f"{where}: {schema!r} is no schema")
        if self._has_siblings and isinstance(schema.get("$ref"), str):
            says_more = schema.keys() & STRUCTURE - {"$ref", "type"} or self._requires_more(schema, schema)
            schema = self._with_siblings(schema) if says_more else schema
        if "$ref" in schema:
            found = self._referred(schema["$ref"], where)
            return union_of([found, Null()]) if schema.get("nullable") is True else found
        if (reference := self._only_reference(schema)) is not None:
            found = self._read(reference, where, hint)
            return union_of([found, Null()]) if may_be_null(schema) else found
        if id(schema) in self._within:
            # By way of an `allOf` it stands within itself.
            return self._made[id(schema)][1]
        if len(self._within) > DEEPEST:
            raise ContractError(f"{where[:LONGEST]}...: it stands within itself without end")
        plain, outer = self._plain(schema, where), self._within
        self._within = (*outer, id(schema))
        found = self._without_null(plain, where, hint)
        self._within = outer
        found = union_of([found, Null()]) if may_be_null(plain) else found
        self._made[id(schema)] = schema, found
        return found

    def _referred(self, reference: object, where: str) -> Shape:
        if not isinstance(reference, str):
            raise ContractError(f"{where}: $ref {reference!r} is no text")
        # It may be percent-encoded as a URI is.
        reference = unquote(reference) if unquote(reference) in self._reserved else reference
        if reference in self._shapes:
            return self._shapes[reference]
        if reference in self._expanding:
            # An array or a union within itself: as far as it is told, and plain JSON below.
            return Shape()
        self._expanding.append(reference)
        place = reference.removeprefix("#/").replace("/", ".")
        outer, self._within = self._within, ()
        found = self._read(self._target(reference, where), place, reference)
        self._within = outer
        self._expanding.remove(reference)
        self._shapes[reference] = found
        return found

    def _without_null(self, schema: Document, where: str, hint: str) -> Shape:
        refuse_contradiction(schema, where)
        if "enum" in schema:
            return self._enum(schema, where, hint)
        if "const" in schema:
            return _constant(schema["const"])
        if union_in(schema) and (variants := self._variants_of(schema)):
            return self._union(schema, variants, where, hint)
        types = [name for name in types_of(schema) if name != "null"]
        if unknown := [name for name in types if name not in TYPES]:
            raise ContractError(f"{where}: {unknown[0]!r} is no type of JSON Schema")
        if not types:
            types = ["null"] if types_of(schema) else types_told(schema)
        named = hint if len(types) == 1 else f"{hint} {{}}"
        return union_of([self._typed({**schema, "type": name}, where, named.format(name)) for name in types])

    def _typed(self, schema: Document, where: str, hint: str) -> Shape:
        kind = schema["type"]
        if kind == "string":
            return FORMATS.get(str(schema.get("format")), Scalar("str"))
        if kind in SCALARS:
            return Scalar(SCALARS[kind])
        if kind == "array":
            plain = "prefixItems" in schema or "items" not in schema
            return ListShape(Shape() if plain else self._read(schema["items"], f"{where}.items", f"{hint} Item"))
        if kind == "object" and is_model(schema):
            return self._model(schema, where, hint)
        if kind == "object":
            further, place = further_members(schema), f"{where}.additionalProperties"
            return MapShape(self._read(further, place, f"{hint} AdditionalProperty"))
        return Null() if kind == "null" else Shape()

    def _named(self, hint: str) -> tuple[str, str]:
        return self._reserved.get(hint) or self._names.take(_class_name(hint))

    def _enum(self, schema: Document, where: str, hint: str) -> Shape:
        if not schema["enum"] or not isinstance(schema["enum"], list):
            raise ContractError(f"{where}: an enum without values")
        # To Python 1 is true, and 1.0, to JSON it is not.
        values = [*{(type(value), repr(value)): value for value in schema["enum"] if value is not None}.values()]
        if not values:
            return Null()
        if len(values) == 1 and isinstance(values[0], bool):
            return Constant(values[0])
        if enum_type(schema) is None:
            return union_of([_of_value(value) for value in values])
        name, module = self._named(hint)
        members = dict(zip(member_names(values), values, strict=True))
        self.enums[name] = EnumClass(name, module, str(schema.get("description") or ""), members)
        return EnumShape(name)

    def _model(self, schema: Document, where: str, hint: str) -> Shape:
        name, module = self._named(hint)
        model = ModelClass(name, module, str(schema.get("description") or ""))
        self.models[name] = model
        self._unread.append((model, schema, where, self._within))
        return ModelShape(name)

    def _read_properties(self) -> None:
        while self._unread:
            model, schema, where, self._within = self._unread.popleft()
            properties = mapping(schema.get("properties"))
            required = schema.get("required") or []
            named = attributes(properties)
            found = [
                Property(
                    name,
                    named[name],
                    self._read(inner, f"{where}.properties.{name}", f"{model.name} {pascal_case(name)}"),
                    name in required,
                    "" if isinstance(inner, bool) else self.described(inner, f"{where}.properties.{name}"),
                    self._is_read_only(inner, f"{where}.properties.{name}"),
                )
                for name, inner in properties.items()
            ]
            model.properties = sorted(found, key=lambda each: not each.required)
            further = further_members(schema)
            if further is not False:
                place = f"{where}.additionalProperties"
                model.additional = self._read(further, place, f"{model.name} AdditionalProperty")
            self._within = ()

    def _is_read_only(self, schema: object, where: str) -> bool:
        """Return True for a property that servers alone write, as its schema says or one that it builds on."""
        return True in (mapping(schema).get("readOnly"), self.plain(schema, where).get("readOnly"))

    def _variants_of(self, schema: Document) -> list[Any]:
        """Return the members of a union; those that only limit what the schema has already are none."""
        members = union_in(schema)
        variants = [each for each in members if isinstance(each, dict) and STRUCTURE & each.keys()]
        if {"properties", "items"} & schema.keys():
            only_limit = [each for each in variants if not self._adds(each)]
            return [] if len(only_limit) == len(variants) else variants
        return variants

    def _adds(self, member: Document) -> bool:
        return bool({"$ref", "properties", "allOf", "items", "enum", "const", *UNIONS} & member.keys())

    def _union(self, schema: Document, variants: list[Any], where: str, hint: str) -> Shape:
        base = {name: value for name, value in schema.items() if name not in {*UNIONS, "discriminator", "description"}}
        if "properties" in base:
            union = union_in(schema)
            variants = [each if self._builds_on(each, union, where) else {"allOf": [base, each]} for each in variants]
        keyword = next(name for name in UNIONS if schema.get(name))
        shapes = [
            self._read(each, f"{where}.{keyword}[{number}]", f"{hint} Type {number}")
            for number, each in enumerate(variants)
        ]
        told = mapping(schema.get("discriminator"))
        tag = str(told.get("propertyName", ""))
        return union_of(shapes, tag, self._mapped(told, variants, shapes, where) if tag else ())

    def _mapped(
        self, told: Document, variants: list[Any], shapes: list[Shape], where: str
    ) -> tuple[tuple[str, str], ...]:
        """Return the tags of a union, each with the class of its variant; a variant is called as its schema is, too."""
        found: dict[str, str] = {}
        for tag, reference in mapping(told.get("mapping")).items():
            text = str(reference)
            full = text if text.startswith("#/") else COMPONENTS + text
            shape = self._referred(full, f"{where}.discriminator.mapping.{tag}")
            if isinstance(shape, ModelShape):
                found[tag] = shape.name
        for variant, shape in zip(variants, shapes, strict=True):
            named = "$ref" in mapping(variant) and isinstance(shape, ModelShape)
            if named and isinstance(shape, ModelShape) and shape.name not in found.values():
                found[variant["$ref"].rpartition("/")[2]] = shape.name
        return tuple(found.items())


def mark_responses(models: dict[str, ModelClass], shapes: Iterable[Shape]) -> None:
    """Mark the models that responses have, from the shapes of their bodies."""
    waiting = [inner for shape in shapes for inner in shape]
    while waiting:
        shape = waiting.pop()
        if isinstance(shape, ModelShape) and not models[shape.name].in_response:
            models[shape.name].in_response = True
            waiting += models[shape.name].shapes


def _class_name(hint: str) -> str:
    """Return the name that a hint gives to a class: a reference names what it leads to."""
    words = hint.rpartition("/")[2] if hint.startswith("#/") else hint
    return "".join(pascal_case(word) for word in unquote(words).split(" "))


def _constant(value: object) -> Shape:
    return Constant(value) if isinstance(value, str | bool | int | float) else _of_value(value)


def _of_value(value: object) -> Shape:
    """Return the shape of values like this one."""
    if value is None:
        return Null()
    if isinstance(value, dict | list):
        return MapShape(Shape()) if isinstance(value, dict) else ListShape(Shape())
    return Scalar(type(value).__name__)

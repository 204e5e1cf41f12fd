"""Expressions of Python: the type of a shape, and how a value of it is decoded and encoded. No closures over loops."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from .shapes import (
    Constant,
    Day,
    EnumShape,
    ListShape,
    MapShape,
    ModelShape,
    Null,
    Scalar,
    Shape,
    Timestamp,
    Union,
    nullable,
)

if TYPE_CHECKING:
    from .schemas import Schemas
    from .shapes import ModelClass, Property

SCALAR_DECODERS = {"str": "decode_text", "bool": "decode_bool", "int": "decode_int", "float": "decode_number"}
# The client asks for things with these, and so cannot use them unless they are text. Other scalars are for their
# readers, who may get along with what is there, and null stands for what may be absent.
ASKED_WITH = frozenset({"id", "dataset_id", "next_cursor"})
NOT_ASKED_FOR = frozenset({"StoredToolCall", "TaskQueryFilter"})
# In which order the variants of a union are tried: what fits less comes first. A day is read as a time, too.
TRIED = (Day, Timestamp, Constant, EnumShape, Scalar, ListShape, ModelShape, MapShape, Shape)
TRIED_SCALARS = ("int", "float", "bool", "str")
# mypy takes no integer of so many bits as a literal.
BITS = 64


class Tags(NamedTuple):
    """The rule by which the variants of a union are told apart.

    Attributes:
        name: the property that does.
        classes: the classes by the values of the property.
        are_constants: True if each variant has one value as a constant, so that the classes know them.
    """

    name: str
    classes: dict[str | float, str]
    are_constants: bool


class Expressions:
    """Writes expressions for the shapes of one module.

    Attributes:
        schemas: the classes that shapes name.
        is_strict: True for what is sent alone, so that all of it is checked.
        is_late: True where the module imports models when they are first needed.
    """

    def __init__(self, schemas: Schemas, *, is_strict: bool, is_late: bool) -> None:
        self.schemas = schemas
        self.is_strict = is_strict
        self.is_late = is_late

    def type_of(self, shape: Shape) -> str:  # noqa: PLR0911  one for each kind of shape
        """Return the type of the values of a shape."""
        match shape:
            case Timestamp():
                return "datetime"
            case Day():
                return "date"
            case Scalar():
                return shape.python
            case Constant():
                value = shape.value
                return f"Literal[{literal(value)}]" if _may_be_literal(value) else type(value).__name__
            case EnumShape() | ModelShape():
                return shape.name
            case ListShape():
                return f"list[{self.type_of(shape.item)}]"
            case MapShape():
                return f"dict[str, {self.type_of(shape.item)}]"
            case Union():
                types = [self.type_of(variant) for variant in shape.others]
                unknown = ["UnknownVariant"] if self.tags_of(shape) and not self.is_strict else []
                return " | ".join([*dict.fromkeys(types), *unknown, *(["None"] if nullable(shape) else [])])
            case Null():
                return "None"
        return "Any"

    def tags_of(self, union: Union) -> Tags | None:
        """Return what tells the models of a union apart; None where only their members do."""
        models = [self.schemas.models[shape.name] for shape in _models_in(union)]
        if len(models) < 2:  # noqa: PLR2004  one alone needs no tag
            return None
        required = [each.name for each in models[0].properties if each.required]
        names = [union.tag, *required] if union.tag else required
        for name in names:
            constants = self._values(models, name, Constant)
            texts = [tag for tag in constants if isinstance(tag, str)]
            if constants and len({tag.casefold() for tag in texts}) == len(constants) == len(models):
                return Tags(name, constants, are_constants=True)
        if union.tag:
            mapped: dict[str | float, str] = {**self._own_values(models, union.tag), **dict(union.mapping)}
            if {*mapped.values()} == {model.name for model in models}:
                return Tags(union.tag, mapped, are_constants=False)
        for name in names:
            if values := self._values(models, name, EnumShape, Constant):
                return Tags(name, values, are_constants=False)
        return None

    def decoder(self, shape: Shape) -> str:
        """Return a function that decodes one value, or nothing where JSON is taken as it is."""
        match shape:
            case Timestamp():
                return "decode_timestamp"
            case Day():
                return "decode_day"
            case ModelShape():
                return self._decoder_of(shape.name)
            case Scalar():
                return SCALAR_DECODERS[shape.python] if self.is_strict else ""
        decoded = self.decode(shape, "item")
        return "" if decoded == "item" else f"lambda item: {decoded}"

    def decode(self, shape: Shape, source: str) -> str:
        """Return the value that JSON stands for; the source itself where it is the value."""
        match shape:
            case MapShape() | ListShape():
                return self._decode_container(shape, source)
            case Union():
                return self._decode_union(shape, source)
            case Constant() if self.is_strict:
                return f"decode_literal({source}, {literal(shape.value)})"
            case EnumShape():
                return self._decode_enum(shape, source)
            case Timestamp() | Day() | ModelShape() | Scalar():
                decoder = self.decoder(shape)
                return f"{decoder}({source})" if decoder else source
        return source

    def decode_property(self, each: Property, source: str, model: str) -> str:
        """Return the value of a property of a model, from its JSON."""
        asked = each.name in ASKED_WITH and model not in NOT_ASKED_FOR and not self.is_strict
        shapes = each.shape.others if isinstance(each.shape, Union) else (each.shape,)
        if not asked or shapes != (Scalar("str"),):
            return self.decode(each.shape, source)
        null = f"None if {source} is None else " if nullable(each.shape) else ""
        otherwise = "decode_text" if self._is_sure(each) else "decode_null"
        return f"{null}{source} if isinstance({source}, str) else {otherwise}({source})"

    def encode(self, shape: Shape, source: str, *, may_be_none: bool = False) -> str:
        """Return the JSON of one value in a spelling; the source itself where it is JSON already."""
        plain = self._encode_value(shape, source)
        null = f"None if {source} is None else " if (may_be_none or nullable(shape)) and plain != source else ""
        return null + plain

    def _is_sure(self, each: Property) -> bool:
        return each.required or isinstance(each.shape, Union)

    def _decoder_of(self, name: str) -> str:
        return f"_{self.schemas.models[name].module}_decoder()" if self.is_late else f"{name}.from_dict"

    def _class_of(self, name: str) -> str:
        return f"_{self.schemas.models[name].module}()" if self.is_late else name

    def _values(self, models: list[ModelClass], name: str, *kinds: type[Shape]) -> dict[str | float, str]:
        """Return the values of a required property that all models have, each value with its only model; or nothing."""
        found: dict[str | float, str] = {}
        for model in models:
            shape = next((each.shape for each in model.properties if each.name == name and each.required), None)
            values = self._tags(shape) if isinstance(shape, kinds) else []
            if not values or found.keys() & set(values):
                return {}
            found |= dict.fromkeys(values, model.name)
        return found

    def _own_values(self, models: list[ModelClass], name: str) -> dict[str | float, str]:
        """Return the values of the tag that only one of the models can have."""
        having: dict[str | float, list[str]] = {}
        for model in models:
            for shape in (each.shape for each in model.properties if each.name == name):
                for value in self._tags(shape):
                    having.setdefault(value, []).append(model.name)
        return {value: names[0] for value, names in having.items() if len(names) == 1}

    def _tags(self, shape: Shape | None) -> list[str | float]:
        if isinstance(shape, Constant):
            return [shape.value]
        if isinstance(shape, EnumShape):
            return list(self.schemas.enums[shape.name].members.values())
        return []

    def _decode_container(self, shape: MapShape | ListShape, source: str) -> str:
        python = "dict" if isinstance(shape, MapShape) else "list"
        inner = self.decoder(shape.item)
        as_it_is = f"{source} if isinstance({source}, {python}) else " if not inner and not self.is_strict else ""
        return f"{as_it_is}decode_{'map' if python == 'dict' else 'list'}({source}{', ' + inner if inner else ''})"

    def _decode_enum(self, shape: EnumShape, source: str) -> str:
        found = self.schemas.enums[shape.name]
        if not found.is_text:
            return f"decode_int_enum({shape.name}, {source}{', is_strict=True' if self.is_strict else ''})"
        if self.is_strict:
            return f"decode_known({shape.name}, {source})"
        if not self.is_late:
            return f"{shape.name}({source})"
        return f"_{found.module.upper()}[{source}] if isinstance({source}, str) else {shape.name}({source})"

    def _decode_union(self, union: Union, source: str) -> str:
        null = f"None if {source} is None else " if nullable(union) else ""
        if len(union.others) == 1:
            inner = self.decode(union.others[0], source)
            return inner if inner == source else null + inner
        models, tags = _models_in(union), self.tags_of(union)
        if tags and len(models) == len(union.others):
            return null + self._decode_tagged(models, tags, source)
        if not self.is_strict and all(isinstance(shape, Scalar | Constant) for shape in union.others):
            return source
        # Within a union a value is checked in any case, or the first variant would take all.
        checking = Expressions(self.schemas, is_strict=True, is_late=self.is_late)
        others = Union(tuple(each for each in union.variants if each not in models)) if tags else union
        decoders = checking.variant_decoders(others)
        decoders += [f"lambda item: {self._decode_tagged(models, tags, 'item')}"] if tags else []
        decoders += [] if self.is_strict else self._decoders_that_keep(union)
        return f"{null}decode_union({source}, ({', '.join(decoders)}))"

    def _decode_tagged(self, models: list[ModelShape], tags: Tags, source: str) -> str:
        known = "known_" if self.is_strict else ""
        if tags.are_constants:
            classes = "".join(f"{self._class_of(shape.name)}, " for shape in models)
            return f"decode_{known}variant({source}, {text(tags.name)}, ({classes}))"
        pairs = ", ".join(f"{literal(tag)}: {self._class_of(name)}" for tag, name in tags.classes.items())
        return f"decode_{known}tagged({source}, {text(tags.name)}, {{{pairs}}})"

    def variant_decoders(self, union: Union) -> list[str]:
        """Return the functions that decode the variants of a union that has no tag; each fails for what is another."""
        ordered = sorted(union.others, key=_rank)
        enums = [shape.name for shape in ordered if isinstance(shape, EnumShape) and self._is_open(shape, union)]
        decoders = [
            shape.name if isinstance(shape, EnumShape) and enums == [shape.name] else self.decoder(shape)
            for shape in ordered
        ]
        if Scalar("str") in union.variants:
            # Python reads more texts as times than the contract means, such as 20260224.
            decoders = ["decode_full_time" if decoder == "decode_timestamp" else decoder for decoder in decoders]
        # Of several enums one keeps what none of them knows.
        return [*(decoder or "decode_anything" for decoder in decoders), *(enums[:1] if len(enums) > 1 else [])]

    def _decoders_that_keep(self, union: Union) -> list[str]:
        """Return the decoders of arrays and maps that keep values and variants which are unknown to the contract."""
        containers = [each for each in union.others if isinstance(each, ListShape | MapShape)]
        return [self.decoder(each) for each in containers if any(map(self._may_be_unknown, each))]

    def _may_be_unknown(self, shape: Shape) -> bool:
        return isinstance(shape, EnumShape) or (isinstance(shape, Union) and self.tags_of(shape) is not None)

    def _is_open(self, shape: EnumShape, union: Union) -> bool:
        """Return True for an enum of strings that takes any, since no other variant does."""
        return self.schemas.enums[shape.name].is_text and Scalar("str") not in union.variants

    def _encode_value(self, shape: Shape, source: str) -> str:  # noqa: PLR0911  one for each kind of shape
        match shape:
            case Timestamp():
                return f"timestamp_text({source})"
            case Day():
                return f"{source}.isoformat()"
            case EnumShape():
                return f"enum_text({source}, {text(shape.name)}, spelling)"
            case ModelShape():
                return f"{source}.to_dict(spelling)"
            case MapShape():
                inner = self.encode(shape.item, "item")
                return f"dict({source})" if inner == "item" else f"{{key: {inner} for key, item in {source}.items()}}"
            case ListShape():
                inner = self.encode(shape.item, "item")
                return f"list({source})" if inner == "item" else f"[{inner} for item in {source}]"
            case Union():
                ways = {self._encode_value(variant, source) for variant in shape.others}
                return ways.pop() if len(ways) == 1 else f"encode_value({source}, spelling)"
        return source


def _rank(shape: Shape) -> tuple[int, int]:
    return TRIED.index(type(shape)), TRIED_SCALARS.index(shape.python) if isinstance(shape, Scalar) else 0


def _models_in(union: Union) -> list[ModelShape]:
    return [shape for shape in union.others if isinstance(shape, ModelShape)]


def _may_be_literal(value: object) -> bool:
    """Return True for a constant that type checkers take as a type: no fraction, and nothing beyond 64 bits."""
    return not isinstance(value, float) and not (isinstance(value, int) and value.bit_length() >= BITS)


def text(value: str) -> str:
    """Return the literal of a text."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\x7f")


def literal(value: str | float) -> str:
    """Return the literal of a constant."""
    return text(value) if isinstance(value, str) else repr(value)

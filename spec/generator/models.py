"""The models of a contract in expressions of Python, for the template of their modules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from .expressions import Expressions, literal, text
from .shapes import Constant, EnumShape, ModelShape, nullable

if TYPE_CHECKING:
    from .schemas import Schemas
    from .shapes import EnumClass, ModelClass, Property

RAW = "_raw"


class PropertyCode(NamedTuple):
    """A property of a model in expressions of Python.

    Attributes:
        attribute: its name in Python.
        key: the literal of its name in JSON.
        type: the type of its values.
        description: the contract's words on it.
        is_required: True if it is always there.
        is_nullable: True if it may be null.
        constant: the literal of the one value that it always has; empty for others.
        domain: the literal by which a spelling knows that value; empty for others, and for numbers.
        decoded: its value from `_raw`.
        encoded: its JSON.
        is_theirs: True if servers always send it, and nobody sends it to them.
    """

    attribute: str
    key: str
    type: str
    description: str
    is_required: bool
    is_nullable: bool
    constant: str
    domain: str
    decoded: str
    encoded: str
    is_theirs: bool

    @property
    def is_sure(self) -> bool:
        """True if there is always a value, which is not null."""
        return self.is_required and not self.is_nullable

    @property
    def is_plain(self) -> bool:
        """True if its JSON is read once."""
        return not self.constant and self.decoded.count(RAW) == 1

    @property
    def spelled(self) -> str:
        """The name of the constant that equals each spelling; empty for other properties."""
        return f"_{self.attribute.upper()}_CONSTANT" if self.domain else ""

    @property
    def type_literal(self) -> str:
        """The literal of its type, as the field of the model has it."""
        return text(self.type if "'" in self.type else self.type.replace('"', "'"))

    @property
    def in_field(self) -> str:
        """The constant as the field of the model has it, which is text."""
        return f", {self.constant}" if self.domain else ""


class ModelCode:
    """A class of models in expressions of Python."""

    def __init__(self, model: ModelClass, schemas: Schemas) -> None:
        self.model = model
        self._schemas = schemas
        self._written = Expressions(schemas, is_strict=model.is_strict, is_late=True)
        self.properties = [self._property(each) for each in model.properties]
        self.additional = "" if model.additional is None else self._written.type_of(model.additional)
        inner = None if model.additional is None else self._written.decoder(model.additional)
        self.decoded_additional = f"decode_map({RAW}, {inner})" if inner else RAW
        encoded = "item" if model.additional is None else self._written.encode(model.additional, "item")
        more = "self.additional_properties"
        self.encoded_additional = more if encoded == "item" else f"{{key: {encoded} for key, item in {more}.items()}}"

    def _property(self, each: Property) -> PropertyCode:
        is_constant = isinstance(each.shape, Constant) and each.required
        may_be_none = self.model.in_response and not self.model.is_strict and not each.required
        return PropertyCode(
            attribute=each.attribute,
            key=text(each.name),
            type=self._written.type_of(each.shape),
            description=each.description or each.attribute,
            is_required=each.required and (self.model.in_response or not each.is_read_only),
            is_nullable=nullable(each.shape),
            constant=literal(each.shape.value) if isinstance(each.shape, Constant) and is_constant else "",
            domain=text(f"{self.model.name}.{each.name}") if self._is_text(each) and is_constant else "",
            decoded=self._written.decode_property(each, RAW, self.model.name),
            encoded=self._written.encode(each.shape, f"self.{each.attribute}", may_be_none=may_be_none),
            is_theirs=each.is_read_only and each.required and self.model.in_response and not is_constant,
        )

    @staticmethod
    def _is_text(each: Property) -> bool:
        return isinstance(each.shape, Constant) and isinstance(each.shape.value, str)

    @property
    def models(self) -> list[ModelClass]:
        """The other models that stand within this one, which are imported late."""
        names = {shape.name for shape in self.model.shapes if isinstance(shape, ModelShape)}
        return [self._schemas.models[name] for name in sorted(names)]

    @property
    def enums(self) -> list[EnumClass]:
        """The enums that stand within this model."""
        names = {shape.name for shape in self.model.shapes if isinstance(shape, EnumShape)}
        return [self._schemas.enums[name] for name in sorted(names)]

    @property
    def late(self) -> list[tuple[str, str, bool]]:
        """The models that are imported where they are first needed: name, module, and True for what decodes them."""
        decoding = " ".join([*(each.decoded for each in self.properties), self.decoded_additional])
        words = set(re.findall(r"\w+", decoding))
        rows = [(each.name, each.module, is_decoder) for each in self.models for is_decoder in (False, True)]
        return [row for row in rows if f"_{row[1]}{'_decoder' if row[2] else ''}" in words]

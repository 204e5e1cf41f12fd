"""Shapes: the kinds of JSON value that a contract describes, as the generator writes code for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Shape:
    """Any JSON value."""

    def __iter__(self) -> Iterator[Shape]:
        """Each shape within this one, and itself."""
        yield self


@dataclass(frozen=True)
class Null(Shape):
    """Null alone."""


@dataclass(frozen=True)
class Scalar(Shape):
    """A string, a boolean or a number; `python` is `str`, `bool`, `int` or `float`."""

    python: str


@dataclass(frozen=True)
class Timestamp(Shape):
    """A date-time of RFC 3339."""


@dataclass(frozen=True)
class Day(Shape):
    """A full-date of RFC 3339."""


@dataclass(frozen=True)
class Constant(Shape):
    """One value alone."""

    value: str | int | float | bool


@dataclass(frozen=True)
class EnumShape(Shape):
    """A value of an enum, by the name of its class."""

    name: str


@dataclass(frozen=True)
class ModelShape(Shape):
    """An object that is a model, by the name of its class."""

    name: str


@dataclass(frozen=True)
class ListShape(Shape):
    """An array."""

    item: Shape

    def __iter__(self) -> Iterator[Shape]:
        yield self
        yield from self.item


@dataclass(frozen=True)
class MapShape(Shape):
    """An object without properties of its own, which is a plain dict."""

    item: Shape

    def __iter__(self) -> Iterator[Shape]:
        yield self
        yield from self.item


@dataclass(frozen=True)
class Union(Shape):
    """One of several shapes.

    Attributes:
        variants: the shapes, null among them.
        tag: the property that tells the variants apart, as the discriminator says; empty without one.
        mapping: the names of classes by the tags that the discriminator maps.
    """

    variants: tuple[Shape, ...]
    tag: str = ""
    mapping: tuple[tuple[str, str], ...] = ()

    def __iter__(self) -> Iterator[Shape]:
        yield self
        for variant in self.variants:
            yield from variant

    @property
    def others(self) -> tuple[Shape, ...]:
        """The variants without null."""
        return tuple(variant for variant in self.variants if variant != Null())


@dataclass
class Property:
    """A property of a model.

    Attributes:
        name: its name in JSON.
        attribute: its name in Python.
        shape: its values.
        required: True if it is always there.
        description: the contract's words on it.
        is_read_only: True if servers alone write it.
    """

    name: str
    attribute: str
    shape: Shape
    required: bool
    description: str
    is_read_only: bool


@dataclass
class ModelClass:
    """A class of models.

    Attributes:
        name: its name.
        module: the name of its module.
        description: the contract's words on it.
        properties: those that are required first.
        additional: the shape of further members; None where there may be none.
        in_response: True if responses have it.
    """

    name: str
    module: str
    description: str
    properties: list[Property] = field(default_factory=list)
    additional: Shape | None = None
    in_response: bool = False

    @property
    def is_strict(self) -> bool:
        """True for what is sent alone and has no further members: unknown ones are refused, not kept."""
        return self.additional is None and not self.in_response

    @property
    def shapes(self) -> Iterator[Shape]:
        """Each shape within the model."""
        for each in self.properties:
            yield from each.shape
        if self.additional is not None:
            yield from self.additional


@dataclass
class EnumClass:
    """A class of enums, of strings or of integers.

    Attributes:
        name: its name.
        module: the name of its module.
        description: the contract's words on it.
        members: the values by the names of the members.
    """

    name: str
    module: str
    description: str
    members: dict[str, str] | dict[str, int]

    @property
    def is_text(self) -> bool:
        """True for an enum of strings."""
        return all(isinstance(value, str) for value in self.members.values())


def nullable(shape: Shape) -> bool:
    """Return True if a value of the shape may be null."""
    if isinstance(shape, Union):
        return any(map(nullable, shape.variants))
    return type(shape) in {Shape, Null}


def union_of(shapes: list[Shape], tag: str = "", mapping: tuple[tuple[str, str], ...] = ()) -> Shape:
    """Return the union of several shapes, without repetitions; one that has all values takes in the others."""
    nested = [shape for shape in shapes if isinstance(shape, Union)]
    flat = [inner for shape in shapes for inner in (shape.variants if isinstance(shape, Union) else (shape,))]
    variants = tuple(dict.fromkeys(flat))
    if Shape() in variants or not variants:
        return Shape()
    if len(variants) == 1:
        return variants[0]
    tags = {shape.tag for shape in nested if shape.tag} | ({tag} if tag else set())
    if len(tags) != 1:
        return Union(variants)
    mapped = dict.fromkeys([*mapping, *(pair for shape in nested for pair in shape.mapping)])
    return Union(variants, tags.pop(), tuple(mapped))

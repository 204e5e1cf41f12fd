"""Worlds as files, YAML or JSON: what there is when a mock starts.

    extends: default
    tasks:
      - {count: 10000, name: "nightly-{n:05d}", project: demo/chat-prod, evaluators: [Relevance Eval]}

Lists name what there is by kind; items refer to each other by name, by `space/name` where a name alone could mean
several things, or by identifier. Identifiers and dates can be left out, and are then always the same for one seed and
one start. `schema.schema` has every field.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from axtasks.mock.jsontypes import JsonObject
from axtasks.mock.world.default_world import default_world
from axtasks.mock.world.world import World

from . import schema
from .builder import build
from .document import Document, WorldFileError, read_file, read_text
from .writer import dump_world

__all__ = ["WorldFileError", "WorldSource", "dump_world", "load_world", "merge_world"]

WorldSource = str | Path | JsonObject
"""A file, its text, or what it says as data. Text of one line that ends like the name of a world file is one."""

START = datetime(2026, 3, 10, 15, tzinfo=UTC)
SUFFIXES = (".yaml", ".yml", ".json")
BASE = "extends"


def load_world(source: WorldSource, *, seed: int = 0, start: datetime = START) -> World:
    """The world that a file describes; a `WorldFileError` says where it describes none.

    `seed` decides which identifiers are made up, and things without a date are from before the `start`.
    """
    return make_world(_document(source), seed=seed, start=start)


def merge_world(world: World, source: WorldSource, *, seed: int = 0, start: datetime = START) -> None:
    """Add what a file describes to a world: all of it, or nothing when a `WorldFileError` says what is wrong."""
    add_to_world(world, _document(source), seed=seed, start=start)


def make_world(document: Document, *, seed: int, start: datetime) -> World:
    """Make the world that a document describes. Opens no file, so it is for text of unknown origin too."""
    data = schema.check(document)
    world = default_world() if BASE in data else World()
    build(world, document, data, seed=seed, start=start)
    return world


def add_to_world(world: World, document: Document, *, seed: int, start: datetime) -> None:
    """Add all of a document to a world, or nothing if it is wrong. Opens no file."""
    data = schema.check(document)
    if BASE in data:
        raise document.error((BASE,), "is for a world to start with, not for what is added to one")
    build(world.copy(), document, data, seed=seed, start=start)
    build(world, document, data, seed=seed, start=start)


def path_in(text: str) -> Path | None:
    """The path that text of one line names if it ends like a world file. For text of the caller's own code alone."""
    return Path(text) if "\n" not in text and text.lower().endswith(SUFFIXES) else None


def _document(source: WorldSource) -> Document:
    given = path_in(source) or source if isinstance(source, str) else source
    if isinstance(given, Path):
        return read_file(given)
    return read_text(given) if isinstance(given, str) else Document(given)

"""Worlds as files, YAML or JSON: what there is when a mock starts.

    extends: default
    tasks:
      - {count: 10000, name: "nightly-{n:05d}", project: demo/chat-prod, evaluators: [Relevance Eval]}

Lists name what there is by kind; items refer to each other by name, by `space/name` where a name alone could mean
several things, or by identifier. Identifiers and dates can be left out, and are then always the same for one seed and
one start. `world_schema.json` says what else there is to say.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from . import world_schema
from .default_world import default_world
from .jsontypes import JsonObject
from .world import World
from .world_building import build
from .world_dump import dump_world
from .world_text import Document, WorldFileError, read_file, read_text

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
    document = _document(source)
    data = world_schema.check(document)
    world = default_world() if BASE in data else World()
    build(world, document, data, seed=seed, start=start)
    return world


def merge_world(world: World, source: WorldSource, *, seed: int = 0, start: datetime = START) -> None:
    """Add what a file describes to a world: all of it, or nothing when a `WorldFileError` says what is wrong."""
    document = _document(source)
    data = world_schema.check(document)
    if BASE in data:
        raise document.error((BASE,), "is for a world to start with, not for what is added to one")
    build(world.copy(), document, data, seed=seed, start=start)
    build(world, document, data, seed=seed, start=start)


def _document(source: WorldSource) -> Document:
    if isinstance(source, Path):
        return read_file(source)
    if not isinstance(source, str):
        return Document(source)
    if "\n" not in source and source.lower().endswith(SUFFIXES):
        return read_file(Path(source))
    return read_text(source)

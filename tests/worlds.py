"""The default world with similar space names, since ours are looked up by the whole name."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from axtasks.mock import default_world as known
from axtasks.mock import dump_world, load_world

if TYPE_CHECKING:
    from axtasks.mock.world.world import World

ALIKE = {known.DEMO_EU: "demo-eu", known.SANDBOXES[1]: "sandbox"}
"""The spaces that are called otherwise than in the default world: one contains `demo`, two have one name."""


@cache
def names_alike() -> World:
    """Return the world, made once; mocks make copies of it."""
    # Any: JSON, whose form is that of a world file.
    written: Any = dump_world(known.default_world())
    spaces = [each | {"name": ALIKE.get(each["id"], each["name"])} for each in written["spaces"]]
    return load_world(written | {"spaces": spaces})

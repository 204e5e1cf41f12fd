"""Admin API of the world: showing it, loading another one, and adding to it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from axtasks.mock.operations.rendering import Encoded, renderer_of
from axtasks.mock.operations.request import Result
from axtasks.mock.problems import invalid, quoted
from axtasks.mock.world.resource_types import TYPES

if TYPE_CHECKING:
    from axtasks.mock.messages import MockRequest
    from axtasks.mock.worldfiles.document import Document

    from .controls import Controls

PATH = "/__mock/world"
MOST_BYTES = 64 * 1024 * 1024


def show_world(mock: Controls, request: MockRequest) -> Result:
    """All resources, in lists by kind; or the world as a file that can be loaded, or the schema of such files."""
    wanted = parse_qs(request.query, keep_blank_values=True).get("format", ["view"])[-1]
    if wanted == "view":
        return Result(HTTPStatus.OK, renderer_of(mock.state.contract, for_admin=True).world(mock.state.world))
    if wanted == "file":
        from axtasks.mock.worldfiles.writer import dump_world  # like the rest about files, for those who use them

        return Result(HTTPStatus.OK, dump_world(mock.state.world))
    if wanted == "yaml":
        from axtasks.mock.worldfiles.export import export_world

        text = export_world(mock.state.world, seed=mock.state.seed)
        return Result(HTTPStatus.OK, Encoded(text.encode()), "application/yaml")
    if wanted == "schema":
        from axtasks.mock.worldfiles.schema import schema

        return Result(HTTPStatus.OK, schema())
    raise invalid(f"format has to be view, file, yaml or schema, not {quoted(wanted)}")


def put_world(mock: Controls, request: MockRequest) -> Result:
    """Replace the world by the one that the body describes, and count its resources."""
    from axtasks.mock.worldfiles.loader import WorldFileError, make_world

    state = mock.state
    try:
        world = make_world(_document(request), seed=state.seed, start=state.now)
    except WorldFileError as error:
        raise invalid(str(error)) from error
    mock.replace_world(world)
    return _census(mock)


def patch_world(mock: Controls, request: MockRequest) -> Result:
    """Add what the body describes to the world, and count its resources."""
    from axtasks.mock.worldfiles.loader import WorldFileError, add_to_world

    state = mock.state
    before = state.world.settings
    try:
        add_to_world(state.world, _document(request), seed=state.seed, start=state.now)
    except WorldFileError as error:
        raise invalid(str(error)) from error
    after = state.world.settings
    if after is not before:
        state.continued_at = state.now
    if (after.lifecycle, after.task_lifecycles) != (before.lifecycle, before.task_lifecycles):
        mock.replace_world(state.world)
    return _census(mock)


def _document(request: MockRequest) -> Document:
    """Read the body as the text of a world. It is never a path, whatever it looks like."""
    from axtasks.mock.worldfiles.document import read_text

    try:
        text = request.body.decode("utf-8-sig")
    except UnicodeError as error:
        raise invalid("the body is not valid UTF-8 text") from error
    return read_text(text)


def _census(mock: Controls) -> Result:
    return Result(HTTPStatus.OK, {each.name: len(mock.state.world.tables[each.kind]) for each in TYPES})

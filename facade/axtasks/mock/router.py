"""From a method and a raw path to the operation that is meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar
from urllib.parse import unquote

from .problems import RefusalError, not_found

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """What a path leads to, and what stands in its places."""

    handler: T
    values: Mapping[str, str]


class Router(Generic[T]):
    """Path templates and what each of their methods leads to."""

    def __init__(self, routes: Iterable[tuple[str, str, T]]) -> None:
        self._templates: dict[int, list[tuple[tuple[str, ...], dict[str, T]]]] = {}
        found: dict[str, dict[str, T]] = {}
        for method, template, handler in routes:
            found.setdefault(template, {})[method] = handler
        for template, methods in found.items():
            segments = tuple(template.split("/"))
            self._templates.setdefault(len(segments), []).append((segments, methods))

    def match(self, method: str, path: str) -> Match[T]:
        """The handler for a request: 404 for an unknown path, 405 for a method the path does not have.

        Each segment is decoded by itself, so that an encoded slash stays within its identifier.
        """
        segments = tuple(unquote(segment) for segment in path.split("/"))
        for template, methods in self._templates.get(len(segments), ()):
            values = _values(template, segments)
            if values is None:
                continue
            if method not in methods:
                allowed = ", ".join(sorted(methods))
                raise RefusalError(405, f"{method} is not offered here, only {allowed}", headers=(("Allow", allowed),))
            return Match(methods[method], values)
        raise not_found(f"no operation has the path {path}")


def _values(template: tuple[str, ...], segments: tuple[str, ...]) -> dict[str, str] | None:
    values: dict[str, str] = {}
    for expected, given in zip(template, segments, strict=True):
        if expected.startswith("{") and given:
            values[expected[1:-1]] = given
        elif expected != given:
            return None
    return values

"""From a method and a raw path to the operation that is meant."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Generic, TypeVar
from urllib.parse import unquote

from axtasks.mock.problems import OPERATION_NOT_FOUND, RefusalError, not_found
from axtasks.mock.suggestions import KnownOperation, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

T = TypeVar("T")

# Clients that poll ask for the same path again and again.
MOST_REMEMBERED = 512
LONGEST_REMEMBERED = 200


class Router(Generic[T]):
    """Path templates and what each of their methods leads to; `name` tells what to call it."""

    def __init__(self, routes: Iterable[tuple[str, str, T]], name: Callable[[T], str]) -> None:
        self._templates: dict[int, list[tuple[tuple[str, ...], dict[str, T]]]] = {}
        known: list[KnownOperation] = []
        found: dict[str, dict[str, T]] = {}
        for method, template, handler in routes:
            found.setdefault(template, {})[method] = handler
            known.append(KnownOperation(name(handler), method, template))
        for template, methods in found.items():
            segments = tuple(template.split("/"))
            self._templates.setdefault(len(segments), []).append((segments, methods))
        self.known = tuple(known)
        """The operations and the admin paths that requests are suggested."""
        self._recent = lru_cache(MOST_REMEMBERED)(self._find)
        self._nearest = lru_cache(MOST_REMEMBERED)(partial(nearest, known=self.known))

    def match(self, method: str, path: str) -> tuple[T, Mapping[str, str]]:
        """The handler for a request, and the values of the parameters in its path.

        404 for an unknown path, 405 for a method the path does not have. Each segment is decoded by itself, so that an
        encoded slash stays within its identifier.
        """
        return (self._recent if len(path) <= LONGEST_REMEMBERED else self._find)(method, path)

    def _find(self, method: str, path: str) -> tuple[T, Mapping[str, str]]:
        segments = tuple(unquote(segment) for segment in path.split("/"))
        for template, methods in self._templates.get(len(segments), ()):
            values = _values(template, segments)
            if values is None:
                continue
            if method not in methods:
                allowed = ", ".join(sorted(methods))
                detail = f"{method} is not offered here, only {allowed}; the nearest is {self.nearest(method, path)}"
                raise RefusalError(405, detail, headers=(("Allow", allowed),))
            return methods[method], values
        raise not_found(
            f"no operation has the path {path}; the nearest is {self.nearest(method, path)}", OPERATION_NOT_FOUND
        )

    def nearest(self, method: str, path: str) -> KnownOperation:
        """Return the operation that a request without one came closest to."""
        return self._nearest(method, path) if len(path) <= LONGEST_REMEMBERED else nearest(method, path, self.known)


def _values(template: tuple[str, ...], segments: tuple[str, ...]) -> dict[str, str] | None:
    values: dict[str, str] = {}
    for expected, given in zip(template, segments, strict=True):
        if expected.startswith("{") and given:
            values[expected[1:-1]] = given
        elif expected != given:
            return None
    return values

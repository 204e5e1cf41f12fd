"""Mutants: small changes by Cosmic Ray, in places that are executed."""

from __future__ import annotations

import ast
import difflib
import random
from functools import cache
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

from tests.model.planted.bug import PACKAGE, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Place = tuple[int, int]


class Mutant(NamedTuple):
    """A change to one file.

    Attributes:
        file: the file, below `facade/axtasks`.
        operator: the kind of change, named by Cosmic Ray.
        occurrence: the index of the place among those in the file where it can be made.
        place: the line and column of that place.
    """

    file: str
    operator: str
    occurrence: int
    place: Place

    @property
    def id(self) -> str:
        """A name that can be part of a file name."""
        kind = PurePosixPath(self.operator).name
        return f"{self.file.removesuffix('.py').replace('/', '.')}-{self.place[0]}-{self.place[1]}-{kind}"

    def changed(self) -> str:
        """Return the text of the file with the change."""
        text: str | None = mutate_code(text_of(self.file), get_operator(self.operator)(), self.occurrence)
        if text is None:
            raise LookupError(f"{self} cannot be made")
        return text

    def lines(self) -> tuple[str, str]:
        """Return the lines that the change removes, and those that it inserts."""
        before, after = text_of(self.file).splitlines(), self.changed().splitlines()
        changes = [line for line in difflib.ndiff(before, after) if line[0] in "-+"]
        taken, put = (" ".join(line[2:].strip() for line in changes if line[0] == sign) for sign in "-+")
        return taken, put

    def diff(self) -> str:
        """Return the change as a patch."""
        names = (str(PACKAGE / self.file),) * 2
        before, after = (text.splitlines(keepends=True) for text in (text_of(self.file), self.changed()))
        return "".join(difflib.unified_diff(before, after, *names))


@cache
def text_of(file: str) -> str:
    """Return the text of a file.

    Args:
        file: the file, below `facade/axtasks`.
    """
    return (ROOT / PACKAGE / file).read_text(encoding="utf-8")


def sample(files: Iterable[str], *, seed: int, most: int) -> list[Mutant]:
    """Return a sample of the mutants of some files, the same for the same seed and code.

    Args:
        files: the files, below `facade/axtasks`.
        seed: the seed of the choice.
        most: the most mutants.
    """
    everything = [mutant for file in files for mutant in mutants_of(file)]
    random.Random(seed).shuffle(everything)  # noqa: S311  no secrets
    return sorted(islice(filter(_compiles, everything), most))


def mutants_of(file: str) -> Iterator[Mutant]:
    """Yield all mutants of a file in places that are executed.

    Args:
        file: the file, below `facade/axtasks`.
    """
    nodes = list(ast_nodes(get_ast(text_of(file))))
    lines = text_of(file).splitlines()
    silent = list(_never_executed(ast.parse(text_of(file))))
    for name in operator_names():
        kind = get_operator(name)
        if kind.arguments():
            # Operators with arguments need a configuration for each project.
            continue
        operator = kind()
        places = [start for node in nodes for start, _ in operator.mutation_positions(node)]
        for occurrence, place in enumerate(places):
            if not _is_within(place, silent) and not _is_bare_star(lines, place) and not name.endswith("NoOp"):
                yield Mutant(file, name, occurrence, place)


def _never_executed(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the code that is never executed: annotations, imports for type checkers, and protocols."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
            yield node.annotation
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is not None:
            yield node.returns
        elif isinstance(node, ast.If | ast.ClassDef):
            names = [node.test] if isinstance(node, ast.If) else node.bases
            if any(isinstance(name, ast.Name) and name.id in {"TYPE_CHECKING", "Protocol"} for name in names):
                yield node


def _is_bare_star(lines: Sequence[str], place: Place) -> bool:
    """Return True if the place is the star between parameters, which is no operator."""
    return lines[place[0] - 1][place[1] :].startswith("*,")


def _compiles(mutant: Mutant) -> bool:
    """Return True if the changed file compiles."""
    try:
        changed = mutant.changed()
    except AttributeError:
        # Cosmic Ray finds exceptions with a dot in their names, and cannot replace them.
        return False
    try:
        compile(changed, mutant.file, "exec")
    except SyntaxError:
        return False
    return True


def _is_within(place: Place, nodes: Sequence[ast.AST]) -> bool:
    for node in nodes:
        if isinstance(node, ast.expr | ast.stmt):
            end = (node.end_lineno or node.lineno, node.end_col_offset or 0)
            if (node.lineno, node.col_offset) <= place < end:
                return True
    return False

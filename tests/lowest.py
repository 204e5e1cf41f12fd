"""Print the lowest versions that pyproject.toml allows, as requirements for pip: `make test-lowest`.

They are those of the dependencies, of the extras, and of what the unit tests need. This module runs on a Python without
any of the project's dependencies.
"""

from __future__ import annotations

import re
import tomllib
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).parents[1] / "pyproject.toml"
REQUIREMENT = re.compile(r"(?P<name>[\w-]+)>=(?P<version>[\w.]+)(,<[\w.]+)?")


def lowest(project: dict[str, Any]) -> Iterator[str]:
    """Yield the requirements, each pinned to its lower bound.

    Args:
        project: the content of pyproject.toml.

    Raises:
        ValueError: a requirement has no lower bound.
    """
    tables = project["project"]
    stated = [tables["dependencies"], *tables["optional-dependencies"].values(), project["dependency-groups"]["unit"]]
    for requirement in dict.fromkeys(chain.from_iterable(stated)):
        parts = REQUIREMENT.fullmatch(requirement)
        if parts is None:
            raise ValueError(f"expected a requirement such as 'name>=1.2,<2' in pyproject.toml, found {requirement!r}")
        yield f"{parts['name']}=={parts['version']}"


if __name__ == "__main__":
    print(*lowest(tomllib.loads(PROJECT.read_text(encoding="utf-8"))), sep="\n")

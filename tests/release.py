"""Check that a tag, the changelog and the built files are of one version: `make dist TAG=v1.2.3`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import axtasks

ROOT = Path(__file__).parents[1]
HEADING = re.compile(r"^## \[(?P<name>[^\]]+)\]", re.MULTILINE)


def flaws(*, tag: str | None, version: str, changelog: str, files: list[str]) -> list[str]:
    """Return what keeps a release from being published.

    Args:
        tag: the tag that it is published for, such as `v1.2.3`; None before there is one.
        version: the version of the package.
        changelog: the text of the changelog.
        files: the names of the built files.
    """
    found: list[str] = []
    if tag is not None and tag != f"v{version}":
        found.append(f"the tag is {tag}, and the package has version {version}")
    names = HEADING.findall(changelog)
    if tag is not None and names[:1] != [version]:
        found.append(f"the changelog begins with {names[0] if names else 'nothing'}, not with {version}")
    wanted = {f"ax_tasks-{version}.tar.gz", f"ax_tasks-{version}-py3-none-any.whl"}
    if set(files) != wanted:
        found.append(f"dist/ has {', '.join(sorted(files)) or 'nothing'}, not {', '.join(sorted(wanted))}")
    return found


def main() -> None:
    """Compare what there is, and end with status 1 if something differs."""
    (tag,) = sys.argv[1:] or (None,)
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    built = [path.name for path in (ROOT / "dist").iterdir()]
    found = flaws(tag=tag, version=axtasks.__version__, changelog=changelog, files=built)
    sys.exit("\n".join(found) or None)


if __name__ == "__main__":
    main()

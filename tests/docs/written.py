"""Pages that are written by hand but for one part, which stands between two marks: `make docs` renews that part."""

from __future__ import annotations

BEGIN = "<!-- What follows is written by `make docs`. -->"
END = "<!-- What the program writes ends here. -->"


def renewed(page: str, content: str, *, begin: str = BEGIN, end: str = END) -> str:
    """The page with this content between two marks."""
    head, above, rest = page.partition(begin)
    _, below, tail = rest.partition(end)
    if not above or not below:
        raise ValueError(f"the page has lost one of its marks, {begin} or {end}")
    return f"{head}{begin}\n\n{content}\n\n{end}{tail}"

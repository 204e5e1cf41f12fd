"""Pages that are written by hand but for one part, which stands between two marks: `make docs` renews that part."""

from __future__ import annotations

BEGIN = "<!-- What follows is written by `make docs`. -->"
END = "<!-- What the program writes ends here. -->"


def renewed(page: str, content: str) -> str:
    """The page with this content between its marks."""
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page has lost one of its marks, {BEGIN} or {END}")
    return f"{head}{BEGIN}\n\n{content}\n\n{END}{tail}"

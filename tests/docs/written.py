"""Hand-written pages with one generated part between two marks, which `make docs` writes."""

from __future__ import annotations

BEGIN = "<!-- What follows is written by `make docs`. -->"
END = "<!-- What the program writes ends here. -->"


def around(page: str, *, begin: str = BEGIN, end: str = END) -> tuple[str, str]:
    """Return the text before and after two marks, each with its mark.

    Raises:
        ValueError: the page does not have both.
    """
    head, above, rest = page.partition(begin)
    _, below, tail = rest.partition(end)
    if not above or not below:
        raise ValueError(f"the page has lost one of its marks, {begin} or {end}")
    return head + begin, end + tail


def renewed(page: str, content: str, *, begin: str = BEGIN, end: str = END) -> str:
    """Return the page with this content between two marks."""
    head, tail = around(page, begin=begin, end=end)
    return f"{head}\n\n{content}\n\n{tail}"

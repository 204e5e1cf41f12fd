"""The command that installs an extra from where this package was installed."""

from __future__ import annotations

PACKAGE = "ax-tasks"


def install_command(extra: str) -> str:
    """Return the command that installs an extra: from a folder, a file or a repository if the package came from one."""
    # Imported late: only a message that something is missing needs them.
    import json
    import shlex
    from importlib.metadata import PackageNotFoundError, distribution
    from urllib.parse import unquote, urlsplit

    try:
        recorded = distribution(PACKAGE).read_text("direct_url.json")
    except PackageNotFoundError:
        recorded = None
    origin = json.loads(recorded) if recorded else {}
    url = str(origin.get("url", ""))
    if "vcs_info" in origin:
        vcs = origin["vcs_info"]
        url = f"{vcs['vcs']}+{url}@{vcs['commit_id']}"
    elif url.startswith("file:"):
        is_editable = origin.get("dir_info", {}).get("editable", False)
        where = f"{unquote(urlsplit(url).path)}[{extra}]"
        return f"pip install {'-e ' if is_editable else ''}{shlex.quote(where)}"
    requirement = f"{PACKAGE}[{extra}]"
    return f"pip install {shlex.quote(f'{requirement} @ {url}' if url else requirement)}"

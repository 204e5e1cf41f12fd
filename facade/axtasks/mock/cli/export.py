"""The command `ax mock export`."""

from __future__ import annotations

import json
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import click

DEFAULT_URL = "http://127.0.0.1:8765"
PATIENCE_SECONDS = 600


@click.command(epilog="\b\nExample:\n  ax mock export > world.yaml")
@click.option("--url", default=DEFAULT_URL, show_default=True, help="Where the mock listens.")
def export(*, url: str) -> None:
    """Write the world of a served mock as a world file, in YAML.

    It loads as the same world, and has names in place of identifiers wherever that is so.
    """
    if not url.startswith(("http://", "https://")):
        raise click.BadParameter("has to be an address such as http://127.0.0.1:8765", param_hint="--url")
    try:
        with urlopen(f"{url.rstrip('/')}/__mock/world?format=yaml", timeout=PATIENCE_SECONDS) as response:  # noqa: S310
            click.echo(response.read().decode(), nl=False)
    except HTTPError as error:
        raise click.ClickException(f"{url} answers {error.code}: {_detail(error)}") from error
    except (URLError, OSError) as error:
        raise click.ClickException(f"cannot reach a mock at {url}: {getattr(error, 'reason', error)}") from error


def _detail(error: HTTPError) -> str:
    """Return the detail of a problem; anything else may answer at the address."""
    try:
        return str(json.loads(error.read())["detail"])
    except (ValueError, KeyError, TypeError):
        return str(error.reason)

"""mitmproxy as the proxy in the environment, which decrypts TLS."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.e2e.proxies.support import HOST, free_port, program

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = Path("build/mitmproxy/bin/mitmdump")
AUTHORITY = "mitmproxy-ca-cert.pem"
"""The file of mitmproxy's CA, which it writes to its folder when it starts."""


@contextmanager
def mitmproxy(*, folder: Path, options: tuple[str, ...] = ()) -> Iterator[str]:
    """Run mitmproxy, which trusts the CA in the folder; yield the URL for `HTTPS_PROXY`."""
    port = free_port()
    settings = ("--listen-host", HOST, "--listen-port", str(port), "--quiet")
    places = ("--set", f"confdir={folder}", "--set", f"ssl_verify_upstream_trusted_ca={folder / 'ca.pem'}")
    with program(str(PROGRAM), *settings, *places, *options, port=port):
        yield f"http://{HOST}:{port}"

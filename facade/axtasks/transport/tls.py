"""The TLS context with the certificates to trust."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl

    from axtasks.config.settings import Settings


def make_context(settings: Settings) -> ssl.SSLContext:
    """Return a TLS context with the certificates to trust; raise OSError if they cannot be used."""
    import ssl

    folder = None
    file = settings.ca_file or os.environ.get("SSL_CERT_FILE") or None
    if file is None:
        folder = os.environ.get("SSL_CERT_DIR") or None
        if folder is None:
            import certifi

            file = certifi.where()
    context = ssl.create_default_context(cafile=file, capath=folder)
    context.set_alpn_protocols(["http/1.1"])
    return context

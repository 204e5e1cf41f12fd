"""The TLS context with the certificates to trust."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from axtasks.config.endpoint import is_https

if TYPE_CHECKING:
    import ssl

    from axtasks.config.settings import Settings


def context_for(url: str, settings: Settings) -> ssl.SSLContext | None:
    """Return the TLS context for a URL, with the certificates to trust; None for plain HTTP.

    Raises:
        OSError: the certificates cannot be used.
    """
    if not is_https(url):
        return None
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

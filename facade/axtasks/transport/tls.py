"""TLS contexts, and whether a proxy may stand between the client and its server."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from axtasks.config.endpoint import is_https, is_local_http

if TYPE_CHECKING:
    import ssl

    from axtasks.config.settings import Settings


# The schemes that a proxy may be set for; the variables of the environment are named after them.
PROXIED = ("http", "https", "all")
# Platforms whose system settings may name a proxy besides the environment.
_WITH_SYSTEM_SETTINGS = ("darwin", "win32", "cygwin")


def is_direct(settings: Settings) -> bool:
    """Return True if no proxy can stand between the client and its server."""
    if is_local_http(settings.base_url):
        # A request that must not leave this machine is never sent to a proxy.
        return True
    if sys.platform in _WITH_SYSTEM_SETTINGS:
        from urllib.request import getproxies

        return not any(getproxies().get(scheme) for scheme in PROXIED)
    # The same as above without its imports, which take longer than all of a first request.
    variables = {f"{scheme}_proxy" for scheme in PROXIED}
    return not any(value and name.lower() in variables for name, value in os.environ.items())


def context_for(settings: Settings) -> ssl.SSLContext | None:
    """Return the TLS context with the certificates to trust; None for plain HTTP.

    Raises:
        OSError: the certificates cannot be used.
    """
    if not is_https(settings.base_url):
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

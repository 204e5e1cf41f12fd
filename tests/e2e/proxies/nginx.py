"""nginx in front of the mock: its default settings, with TLS and gzip."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.e2e.proxies.support import HOST, free_port, program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# By default nginx sends HTTP/1.0, with the mock's own address as the host, and adds no header.
SITE = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  access_log off; gzip on; gzip_min_length 1; gzip_types application/json application/problem+json;
  gzip_proxied any; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen {host}:{port} ssl; ssl_certificate {folder}/chain.pem; ssl_certificate_key {folder}/key.pem;
    location / {{ {directives} proxy_pass {upstream}; }} }}
}}
"""
HTTP_1_1 = "proxy_http_version 1.1;"
FORWARDING = f"{HTTP_1_1} proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;"


def find_nginx() -> str | None:
    """Return the path of nginx, or None if it is not installed."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


@contextmanager
def nginx(upstream: str, *, folder: Path, directives: str) -> Iterator[str]:
    """Run nginx in front of a server, with the certificates in the folder; yield its URL."""
    path = find_nginx()
    if path is None:
        raise RuntimeError("nginx is not installed")
    port = free_port()
    site = SITE.format(folder=folder, host=HOST, port=port, directives=directives, upstream=upstream)
    (folder / "nginx.conf").write_text(site, encoding="utf-8")
    with program(path, "-c", str(folder / "nginx.conf"), port=port):
        yield f"https://{HOST}:{port}"

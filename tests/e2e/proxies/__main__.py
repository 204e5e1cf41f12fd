"""The mock behind nginx as it is by default, with TLS and gzip: `make e2e`, where nginx is installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from socket import create_server
from time import monotonic, sleep

import httpx
import trustme
from axtasks import AxClient
from axtasks.mock import MockServer

HOST = "127.0.0.1"
PATIENCE_SECONDS = 20.0
FORBIDDEN = 403
# The default of nginx: HTTP/1.0, the mock's own address as the host, no header added.
SITE = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  access_log off; gzip on; gzip_min_length 1; gzip_types application/json application/problem+json;
  gzip_proxied any; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen {host}:{port} ssl; ssl_certificate {folder}/chain.pem; ssl_certificate_key {folder}/key.pem;
    location / {{ {extra} proxy_pass {upstream}; }} }}
}}
"""
WAYS = {
    "as it is": ("loopback", ""),
    "HTTP/1.1 and forwarding headers": (
        "loopback",
        "proxy_http_version 1.1; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
    ),
    "a mock that nobody steers": ("nobody", "proxy_http_version 1.1;"),
}


def free_port() -> int:
    """Return a port that nothing listens on."""
    with create_server((HOST, 0)) as probe:
        return int(probe.getsockname()[1])


def check(name: str, program: str) -> None:
    """Play the main job through nginx, and try to steer the mock."""
    control_from, extra = WAYS[name]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        mock = MockServer(run_seconds=0, control_from="nobody" if control_from == "nobody" else "loopback")
        server = stack.enter_context(mock)
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(folder / "ca.pem"))
        certificate = authority.issue_cert(HOST)
        certificate.private_key_pem.write_to_path(str(folder / "key.pem"))
        for part in certificate.cert_chain_pems:
            part.write_to_path(str(folder / "chain.pem"), append=True)
        port = free_port()
        site = SITE.format(folder=folder, host=HOST, port=port, extra=extra, upstream=server.url)
        (folder / "nginx.conf").write_text(site, encoding="utf-8")
        nginx = stack.enter_context(subprocess.Popen([program, "-c", str(folder / "nginx.conf")]))
        stack.callback(nginx.terminate)
        url = f"https://{HOST}:{port}"
        with httpx.Client(verify=str(folder / "ca.pem")) as http:
            wait_for(http, url)
            steered = http.post(f"{url}/__mock/reset").status_code
        with AxClient(api_key="any-key", base_url=url, ca_file=folder / "ca.pem", space="demo") as ax:
            run = ax.tasks.trigger_run("Golden Set Review")
            status = ax.tasks.wait_for_run(run.id).status
    print(f"{name}: the run is {status}, and steering is answered with {steered}")
    if steered != FORBIDDEN or status != "completed":
        sys.exit(1)


def wait_for(http: httpx.Client, url: str) -> None:
    """Wait until nginx listens."""
    until = monotonic() + PATIENCE_SECONDS
    while True:
        try:
            http.get(f"{url}/v2/tasks")
        except httpx.ConnectError:
            if monotonic() > until:
                raise
            sleep(0.05)
        else:
            return


def main() -> None:
    """Check each way, or say that nginx is not there."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        sys.exit("nginx is not installed, so nothing was checked")
    for name in WAYS:
        check(name, program)


main()

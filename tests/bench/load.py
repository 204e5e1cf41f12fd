"""A load on a server from a process of its own, one request at a time on each of some open connections.

    python -m tests.bench.load PORT PATH CONNECTIONS REQUESTS

Prints the number of responses per second. Requests are not pipelined, and a status other than 200 is an error.
"""

from __future__ import annotations

import asyncio
import sys
import time

HOST = "127.0.0.1"
HEAD_END = b"\r\n\r\n"
LENGTH = b"content-length:"


def length_of(head: bytes) -> int:
    """Return the length of the body after the head of a response.

    Raises:
        ValueError: the response is not 200, or has no length.
    """
    lines = head.split(b"\r\n")
    if lines[0].split(b" ")[1:2] != [b"200"]:
        raise ValueError(f"the answer was {lines[0].decode('latin-1')}")
    for line in lines[1:]:
        if line.lower().startswith(LENGTH):
            return int(line[len(LENGTH) :])
    raise ValueError("the answer does not say how long it is")


async def connection(port: int, request: bytes, count: int) -> None:
    """Send a request so many times on one connection."""
    reader, writer = await asyncio.open_connection(HOST, port)
    for _ in range(count):
        writer.write(request)
        await reader.readexactly(length_of(await reader.readuntil(HEAD_END)))
    writer.close()
    await writer.wait_closed()


async def requests_per_second(port: int, path: str, connections: int, requests: int) -> float:
    """Return the number of requests per second."""
    lines = (f"GET {path} HTTP/1.1", f"Host: {HOST}:{port}", "Authorization: Bearer bench", "Accept: application/json")
    request = "\r\n".join(lines).encode() + HEAD_END
    start = time.perf_counter()
    await asyncio.gather(*(connection(port, request, requests // connections) for _ in range(connections)))
    return requests // connections * connections / (time.perf_counter() - start)


if __name__ == "__main__":
    print(asyncio.run(requests_per_second(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))

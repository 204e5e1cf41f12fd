"""The ways to the mock: ASGI application, server in a thread, httpx transport.

Imported by users through `axtasks.mock`, and by the command line.
"""

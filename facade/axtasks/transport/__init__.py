"""Carries requests as bytes, and returns responses.

Imported by `engine` and `client`; imports `config`, `errors` and `concurrency`. No other package imports httpx,
httpcore or h11. Start with `base.SyncTransport` and `base.AsyncTransport`; the engines are
`httpcore_engine` and `httpx_engine`.
"""

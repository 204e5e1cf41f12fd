"""The operations of the API: routing, authentication, request checks, rules, and responses.

Imported by world files, the admin API and the mock. Start with `registry` and `request`.
"""

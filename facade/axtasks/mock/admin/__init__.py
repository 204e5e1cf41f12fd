"""The admin API below `/__mock`, and the page for people.

Imported by the mock and the servers. Start with `routes`.
"""

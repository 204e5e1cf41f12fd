"""Recorded requests and responses, with assertions on them and HAR 1.2 export.

Imported by the mock and the admin API. Start with `journal.Journal`.
"""

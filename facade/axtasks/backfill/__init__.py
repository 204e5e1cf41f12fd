"""Planning of a backfill: windows over long spans of time, what earlier runs settle of them, and how to cut the rest.

Pure: no request is sent here. Imported by `resources.backfill`; start with `planner.Planner`.
"""

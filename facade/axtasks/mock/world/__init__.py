"""Resources in memory, with the tables and indexes that find them.

Imported by everything that reads or changes resources. Start with `world.World`, `model` and `resource_types`.
"""

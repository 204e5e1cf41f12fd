"""World files, YAML or JSON: reading, checking, building and writing them.

Imported by the admin API and by users through `axtasks.mock`. Start with `loader.load_world` and `writer.dump_world`.
"""

"""The output of results: `show` shows one as the options of a command say.

It knows the streams, and nothing of the commands.
"""

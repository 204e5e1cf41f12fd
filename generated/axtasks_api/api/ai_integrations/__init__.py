# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
"""Contains endpoint functions for accessing the API"""

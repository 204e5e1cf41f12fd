# Generated from spec/openapi.yaml and spec/overlays/ by "make generate"; do not edit.
"""Contains methods for accessing the API"""

# Generated from spec/openapi.yaml and spec/overlays/beta.yaml by "make generate"; do not edit.
"""Contains methods for accessing the API"""

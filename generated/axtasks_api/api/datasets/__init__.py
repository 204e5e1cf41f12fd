# Generated from spec/openapi.yaml and spec/overlays/beta.yaml by "make generate"; do not edit.
"""Contains endpoint functions for accessing the API"""

"""Adds a doctype with all that law 11 asks, and takes it away again: docs/adding-a-doctype.md."""

"""Equivalence, forms and misconceptions of symbolic answers."""

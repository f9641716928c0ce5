"""Checking gradients: the error curve, kinks, random directions."""

__all__ = []

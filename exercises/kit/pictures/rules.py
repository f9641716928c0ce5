"""The rules of derivation: growing rectangles, gears, growth by steps, the first descent."""

__all__ = []

"""Training a network: loss curves, the loss surface and the path on it, decision boundaries, digits."""

__all__ = []

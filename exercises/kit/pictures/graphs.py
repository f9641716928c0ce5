"""Graphs of a computation: its values on the way forward, its gradients on the way back."""

__all__ = []

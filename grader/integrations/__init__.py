"""Platforms are leaves: one module each, named for the platform."""

"""Roder: governance and quality for a Swedish municipal social-services committee."""

__version__ = "0.1.0"

"""Measurements of Roder against other tools, on the same machine in the same run. ``python -m bench --help``."""

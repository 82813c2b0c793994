"""Faults that a person can mend."""

from __future__ import annotations


class UserFault(Exception):  # noqa: N818 - it is the person's to mend, not an error in the program
    """Something is wrong that the user can mend. The message is Swedish: what, where, and what to do."""


def constraint_of(error: Exception) -> str:
    """The name of the database's constraint that an error is about; nothing when it is about none."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""

"""Numbers of PostgreSQL's advisory locks, so that no two things that have nothing to do with each other wait for one
another. Those of the database's own triggers stand in their SQL too."""

from __future__ import annotations

from enum import IntEnum, unique


@unique
class Lock(IntEnum):
    """What is held. Some are taken with a second number: a committee's, or a part of a hash."""

    MIGRATION = 7203310
    TRAIL = 7203311  # trigger: each row is chained to the one before
    UNIT_TREE = 7203312  # trigger: no unit comes to stand under itself
    FIRST_START = 7203313  # two first administrators at once are one
    SNAPSHOT = 7203314
    FILE_CONTENT = 7203315  # the same content stored twice at once is kept once
    READING_IN = 7203316  # files of one committee are read in one after the other
    WAITING_CASES = 7203320  # trigger: cases do not wait for each other in a ring
    RISK_CODE = 7203321  # trigger
    CONTROL_NUMBER = 7203322  # trigger
    PARAGRAPHS = 7203340

"""Tests of the meeting chain."""

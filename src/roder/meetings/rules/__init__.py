"""Rules of meetings: pure, without Django or database."""

"""The rules of follow-up: pure, without database."""

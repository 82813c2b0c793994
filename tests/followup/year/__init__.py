"""The year: the wheel and the action plans."""

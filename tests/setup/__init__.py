"""Setting up from nothing."""

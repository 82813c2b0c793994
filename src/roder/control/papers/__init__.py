"""The documents of risk and internal control."""

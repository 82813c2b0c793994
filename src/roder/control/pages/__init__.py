"""The pages of risk and internal control."""

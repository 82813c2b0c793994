"""The pages of deviations."""

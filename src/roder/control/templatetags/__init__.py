"""Tags of the pages of risk and control."""

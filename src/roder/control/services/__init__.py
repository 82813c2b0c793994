"""The deeds of risk and internal control: each asks for the right, applies the rule and writes, in one transaction."""

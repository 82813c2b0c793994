"""Pure rules of risk and internal control: no Django, no database."""

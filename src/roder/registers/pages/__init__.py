"""The pages of the small registers that are more than a list and a form."""

"""The rules of the small registers, without Django and database."""

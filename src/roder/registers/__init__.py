"""The small registers: steering documents, association grants, state grants, supervision, IT systems, agreements."""

"""Self-checks (4.7): rules, what people do with them, and their pages."""

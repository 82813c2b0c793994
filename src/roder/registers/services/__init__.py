"""What people do in the small registers: each asks for the right, is one transaction, and is written in the trail."""

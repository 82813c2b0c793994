"""Risk analyses, internal control, critical factors, audits and inspections (5-risk-and-control)."""

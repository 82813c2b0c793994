"""What people do with deviations, lex Sarah and lex Maria, complaints, providers' reports and self-checks."""

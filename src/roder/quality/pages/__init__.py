"""Pages of the quality room: deviations, lex Sarah and lex Maria, complaints, providers' quarters."""

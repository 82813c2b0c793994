"""The meeting chain: cases, documents, agendas, what happens in session, minutes, decisions, balance list."""

"""Django database backend: PostgreSQL that starts by itself and is started again when it is lost."""

"""The public HTTP API: the same services and the same questions of access as the pages, by token."""

"""Pages of files that are read in."""

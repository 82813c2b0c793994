"""The bookkeeping file SIE, types 1 to 4, as published (4B and 4C): reading, checking and writing. No Django."""

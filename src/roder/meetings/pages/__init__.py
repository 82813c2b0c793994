"""The pages of the meetings room, one module for each part of the chain."""

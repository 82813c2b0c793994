"""The compilations of the registers as documents."""

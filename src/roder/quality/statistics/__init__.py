"""Live statistics of deviations: any period against any other, with small numbers hidden for those without mandate."""

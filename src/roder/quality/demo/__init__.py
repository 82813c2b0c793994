"""Synthetic events for the demonstration: made from a seed so that their totals are those that the documents print.

Nothing here has happened to anybody. The totals are real (Alingsås, redovisning av avvikelser första halvåret 2022 and
kritiska verksamhetsfaktorer 2022); which day, where, what and why are made up.
"""

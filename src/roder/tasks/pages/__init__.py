"""Pages of the room that are not in ``views``: deputies, and what the tabs say."""

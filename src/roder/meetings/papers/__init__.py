"""What is made of meetings on paper: letters, summons, packs, minutes, extracts, archive packages."""

"""What is done to cases, meetings, minutes and watches: one deed, one transaction."""

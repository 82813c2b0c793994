"""What is done in the room of follow-up."""

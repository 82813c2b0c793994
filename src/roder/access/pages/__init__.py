"""The pages of logins through identity providers."""

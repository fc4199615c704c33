"""The pages of the working group: meetings, decisions, signing and minutes, the reserve."""

"""Whoever carries a message to a phone. One client speaks to the real gateway and to the simulator alike."""

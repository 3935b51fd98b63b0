"""Ringing: the path from a due timer to every device, and back."""

"""The sleep models, and how they are made."""

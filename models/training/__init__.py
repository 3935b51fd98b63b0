"""Training, evaluation and export of the sleep models."""

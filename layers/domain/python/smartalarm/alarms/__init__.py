"""Alarms: what people set, and when it rings next."""

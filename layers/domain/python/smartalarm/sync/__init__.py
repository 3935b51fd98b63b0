"""Sync: how a client stays in step with the server."""

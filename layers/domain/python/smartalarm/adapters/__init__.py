"""Adapters: the real things behind the ports; they never import one another."""

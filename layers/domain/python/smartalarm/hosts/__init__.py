"""Hosts: how each runtime calls a function."""

"""Reads what others wrote: published bulk files and uploads alike.

Everything is read in a process without network, within limits.
"""

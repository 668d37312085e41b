"""A store as one zip: written, read back and put into an empty store.

`backup_contents` says what belongs in it.
"""

"""A store as one zip: written, read back, put into an empty store. `backup_contents`: what belongs in it."""

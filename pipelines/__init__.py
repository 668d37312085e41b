"""From published files to a verified, immutable release. Knows nothing of the pages."""

"""What leaves the site with a reader: links, citations, files, packs, and what changed since a link."""

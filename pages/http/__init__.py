"""The server around the pages: headers, refusals, health."""

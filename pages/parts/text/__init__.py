"""Everything that people read on a page, as whole sentences. Pure: frames and values in, text out."""

"""What the browser shows: pages read releases and write nothing."""

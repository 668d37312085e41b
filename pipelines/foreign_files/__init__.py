"""Reading what others wrote: published bulk files and uploads alike, in a process without network, within limits."""

"""From a checked file to a figure that the public sees, and back: who may, what would change, who decided,
and what is in force.
"""

"""A release as one zip that anyone can keep, read and check without this code."""

"""What a drawing of bars says by itself. Pure."""

from pages.parts.text.messages import message, plural

MORE_BARS = plural("{number}\u00a0more is in the table.", "{number}\u00a0more are in the table.")
NOT_NAMED = message("not named in the files")

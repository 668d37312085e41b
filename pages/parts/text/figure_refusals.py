"""Why a drawing is refused: what its maker is told, not its reader."""

from pages.parts.text.translation import message

LACKING = message("The rows lack the columns {columns}.")
EMPTY = message("There is nothing to draw: the choice is empty.")
NO_AMOUNT = message("There is nothing to draw: no heading has an amount.")
NO_DATE = message("There is nothing to draw: no promise has a date.")
DO_NOT_ADD = message("Euros of several stages or bases do not add: {kinds}.")
NO_SHAPE = message("No shape for the kinds {kinds}.")

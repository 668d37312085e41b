"""From a spreadsheet to a public release, and back: upload, reading, findings, public effect, decision.

Judges nothing itself.
"""

from pages.parts.staff import page

page.show()

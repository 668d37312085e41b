"""Figures as image files: the sheet, its fonts and the browser that draws it."""

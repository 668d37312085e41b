"""The intake: from any spreadsheet to rows of the staff template, with every problem found.

Writes nothing; publishing is not its work.
"""

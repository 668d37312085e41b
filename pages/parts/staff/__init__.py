"""What the staff page is assembled from, a file for each step.

Judges nothing itself: it asks the intake and the decisions.
"""

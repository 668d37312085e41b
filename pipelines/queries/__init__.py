"""Questions as values: choice → SQLAlchemy Select.

Nothing here runs a question; `release_data.ReleaseData.read` answers them.

A question that is asked with every view is given to `read` as the function and what it takes: its text is
then kept, and neither made nor
compiled again for the same choice.
"""

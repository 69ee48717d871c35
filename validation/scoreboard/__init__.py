"""Published findings, and what the model says to them: predicted first, looked at afterwards, never edited.

Each finding is a file, whose hash stands in ``predictions.sha256`` from the day on which it was written.
"""

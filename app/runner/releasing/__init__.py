"""From a draft to a live version and back: agreement, publication, roll back, pauses of new starts."""

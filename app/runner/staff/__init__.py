"""Staff at the desk: who they are, how they come in and leave, what is noted of what they do."""

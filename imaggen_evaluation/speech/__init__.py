"""How exactly words are timed, and how well speech is understood."""

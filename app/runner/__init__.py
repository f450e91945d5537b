"""The use cases of a run: open, show, submit, choose, press a link's button, sweep. Each is one commit."""

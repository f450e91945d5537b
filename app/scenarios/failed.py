"""That a step did not go as the scenario says."""


class Failed(Exception):
    """What happened and what was expected, as a sentence; `key` is the step's word it is about."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(text)
        self.key = key
        self.text = text

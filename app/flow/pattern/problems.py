"""What may be wrong with a pattern: sentences with `%(name)s` for what differs, for pages to translate."""


def N_(sentence: str) -> str:  # noqa: N802 - the name by which translators' tools find it
    """`sentence` as it is: whoever shows it translates it."""
    return sentence


WAYS = N_("Write a state (code), guard:answer (card_found:no) or trigger! (resend!), joined by > or >>.")


class PatternProblem(Exception):
    """A pattern that cannot be read: at which `column` (from 1), what is wrong and what to write instead.

    `what` and `fix` are sentences, `params` what stands in them.
    """

    def __init__(self, column: int, what: str, fix: str = "", **params: str | int) -> None:
        self.column, self.what, self.fix, self.params = column, what, fix, params
        super().__init__(f"column {column}: {what % params} {fix % params}".rstrip())

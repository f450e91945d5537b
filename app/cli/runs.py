"""`narthex runs`: what QA and operators ask about runs. The subcommands stand in modules of their own."""

import click

from app.cli import runs_find, runs_fork, runs_journal, runs_replay, runs_show


@click.group()
def runs() -> None:
    """The runs: find, show, replay, verify, export, prune."""


runs.add_command(runs_find.find)
runs.add_command(runs_fork.fork)
runs.add_command(runs_journal.verify)
runs.add_command(runs_journal.heads)
runs.add_command(runs_journal.prune)
runs.add_command(runs_journal.export)
runs.add_command(runs_replay.replay)
runs.add_command(runs_show.show)

"""`narthex …`: the operators' and analysts' commands. Errors name file, line and cure."""

import logging
import sys

import click

from app.cli import (
    database,
    diagrams,
    differing,
    flows,
    flows_carry,
    flows_gate,
    flows_new,
    flows_release,
    funnel,
    lint,
    outbox,
    paths,
    portal,
    portal_requests,
    registers,
    runs,
    safety,
    scenarios,
    serve,
    settings,
    staff,
    texts,
    wallet,
    what_if,
)
from app.cli.cures import FAULTS, MENDABLE, sentence


class Narthex(click.Group):
    """The group of all commands; what an operator can mend ends any of them with its cure and exit code 2."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command, turning what an operator can mend into a sentence."""
        try:
            return super().invoke(ctx)
        except (BrokenPipeError, *FAULTS):
            raise
        except MENDABLE as problem:
            click.echo(sentence(problem), err=True)
            sys.exit(2)


@click.group(cls=Narthex, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="narthex")
def main() -> None:
    """Narthex lets an organisation's customers in: guided wizards run as finite-state machines."""
    logging.captureWarnings(True)


main.add_command(settings.show)
main.add_command(database.db)
main.add_command(flows.flows)
flows.flows.add_command(diagrams.diagram)
flows.flows.add_command(differing.diff)
flows.flows.add_command(funnel.funnel)
flows.flows.add_command(flows_gate.gate)
flows.flows.add_command(flows_new.new)
flows_release.add_to(flows.flows)
flows_carry.add_to(flows.flows)
flows.flows.add_command(what_if.what_if)
flows.flows.add_command(lint.lint)
main.add_command(flows.check)
main.add_command(registers.registers)
main.add_command(outbox.outbox)
main.add_command(paths.paths)
main.add_command(portal.portal)
portal.portal.add_command(portal_requests.requests)
main.add_command(runs.runs)
main.add_command(safety.safety)
main.add_command(scenarios.scenarios)
main.add_command(staff.staff)
main.add_command(texts.texts)
flows.flows.add_command(texts.texts)
main.add_command(wallet.wallet)
main.add_command(serve.serve)
main.add_command(serve.worker)

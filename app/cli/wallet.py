"""`narthex wallet`."""

import sys
from datetime import UTC, datetime

import click

from app import wiring
from app.cli import common
from app.gateways.outcome import Accepted
from app.gateways.wallet.check import check_apple, check_google
from app.gateways.wallet.google import GoogleSigner
from app.gateways.wallet.google_body import generic_class
from app.gateways.wallet.google_objects import GoogleObjects


@click.group()
def wallet() -> None:
    """The keys that sign wallet passes."""


@wallet.command()
def check() -> None:
    """Check certificates, keys and identifiers.

    Ends with 0: cards can be issued, 1: none would be accepted, 2: a file cannot be used at all.
    """
    now = datetime.now(UTC)
    files = wiring.wallet_files(common.settings(), now)
    findings = check_apple(
        files.certificate,
        files.wwdr,
        files.key,
        files.password,
        pass_type_id=files.pass_type,
        team_id=files.team,
        now=now,
        root=files.root,
    )
    findings += check_google(files.account, issuer_id=files.issuer)
    for finding in findings:
        click.echo(f"{finding.level:<5}  {finding.sentence}{' ' + finding.cure if finding.cure else ''}")
    if files.demo:
        click.echo("demo   These keys are the demo's own: passes verify, but no phone accepts them.")
    errors = {finding.code for finding in findings if finding.level == "error"}
    sys.exit(2 if "unusable" in errors else int(bool(errors)))


@wallet.command("google-class")
def google_class() -> None:
    """Create the class of our cards at Google: once, before the first card in generic mode."""
    settings = common.settings()
    files = wiring.wallet_files(settings, datetime.now(UTC))
    objects = GoogleObjects(GoogleSigner.load(files.account), base_url=settings.google_url)
    outcome = objects.put_class(generic_class(issuer_id=files.issuer, class_suffix=files.class_suffix))
    if not isinstance(outcome, Accepted):
        click.echo(f"Google did not take the class: {outcome.reason}", err=True)
        sys.exit(1)
    click.echo(f"Class {outcome.reference} is there.")

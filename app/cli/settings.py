"""`narthex config`: every setting, its value, where it comes from, what it means."""

import sys

import click
from pydantic import SecretStr

from app import config


@click.command("config")
def show() -> None:
    """Show every setting: value (secrets masked), source and meaning. Ends with 2 if any is wrong."""
    settings, wrong = config.examine()
    names = {sentence.partition(":")[0] for sentence in wrong}
    width = max(len(str(info.alias)) for info in config.Settings.model_fields.values())
    for name, info in config.Settings.model_fields.items():
        value = getattr(settings, name)
        source = "environment" if str(info.alias) in config.given() else "default"
        shown = "(wrong, see below)" if info.alias in names else f"{_masked(value)}  ({source})"
        click.echo(f"{info.alias!s:<{width}}  {shown}")
        click.echo(f"{'':<{width}}  {info.description}")
    for sentence in wrong:
        click.echo(sentence, err=True)
    sys.exit(2 if wrong else 0)


def _masked(value: object) -> str:
    if isinstance(value, SecretStr):
        return "(set, hidden)" if value.get_secret_value() else "(not set)"
    return str(value) if value != "" else "(not set)"

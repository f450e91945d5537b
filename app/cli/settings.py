"""`narthex config`: every setting, its value, where it comes from, what it means."""

import click
from pydantic import SecretStr

from app import config


@click.command("config")
def show() -> None:
    """Show every setting: value (secrets masked), source and meaning."""
    settings = config.load()
    width = max(len(str(info.alias)) for info in config.Settings.model_fields.values())
    for name, info in config.Settings.model_fields.items():
        value = getattr(settings, name)
        source = "environment" if str(info.alias) in config.given() else "default"
        click.echo(f"{info.alias!s:<{width}}  {_masked(value)}  ({source})")
        click.echo(f"{'':<{width}}  {info.description}")


def _masked(value: object) -> str:
    if isinstance(value, SecretStr):
        return "(set, hidden)" if value.get_secret_value() else "(not set)"
    return str(value) if value != "" else "(not set)"

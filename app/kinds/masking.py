"""Addresses of which their owner knows the rest."""

from app.flow.normal import phone


def masked(recipient: str) -> str:
    """What its owner knows the rest of: `08•• ••• •56`, `m•••@sineva-demo.bg`; empty stays empty."""
    if "@" in recipient:
        name, _, domain = recipient.rpartition("@")
        return f"{name[:1]}•••@{domain}"
    return phone.masked(recipient) if recipient else ""

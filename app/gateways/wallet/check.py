"""What is right and wrong with the wallet keys, in sentences an operator can act on.

Nothing here is raised: a file that cannot be read is a finding like any other. Each has a ``code`` for tests
and translations, what was seen, and, unless all is well, a cure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from app.gateways.wallet import keys

WARN_BEFORE = timedelta(days=30)
_RENEW = {
    "pass certificate": "Renew it in Apple's developer account and put the new file in place.",
    "WWDR certificate": "Download the current one from Apple's certificate authority page.",
}


@dataclass(frozen=True)
class Finding:
    """One thing looked at. ``error``: no card can be issued or none will be accepted; ``warn``: soon."""

    level: Literal["ok", "warn", "error"]
    code: str
    sentence: str
    cure: str = ""


def check_apple(
    certificate: keys.Source,
    wwdr: keys.Source,
    key: keys.Source | None = None,
    password: str | None = None,
    *,
    pass_type_id: str,
    team_id: str,
    now: datetime,
    root: keys.Source | None = None,
) -> list[Finding]:
    """Pass certificate, key and WWDR certificate against each other, the settings and ``now``.

    ``root`` is the certificate the WWDR one must be signed by; None leaves that unasked.
    """
    findings = list(_exposed(certificate if key is None else key))
    leaf, private = None, None
    try:
        leaf, private = keys.load_pair(certificate, key, password)
    except keys.WalletKeyProblem as problem:
        findings.append(_unusable(problem))
    intermediate = _loaded(wwdr, "the WWDR certificate", findings)
    anchor = None if root is None else _loaded(root, "the root certificate", findings)
    if leaf is not None and private is not None:
        findings.append(_pairing(leaf, private))
        findings.extend(_identity(leaf, pass_type_id, team_id))
        findings.append(_expiry(leaf, "pass certificate", now))
    if intermediate is not None:
        findings.append(_expiry(intermediate, "WWDR certificate", now))
    if leaf is not None and intermediate is not None:
        findings.append(_issued(leaf, intermediate, "pass certificate", "WWDR certificate"))
    if intermediate is not None and anchor is not None:
        findings.append(_issued(intermediate, anchor, "WWDR certificate", "root certificate"))
    return findings


def check_google(account: keys.Source, *, issuer_id: str) -> list[Finding]:
    """The service account's file and the issuer's number; Google itself is not asked."""
    findings = list(_exposed(account))
    try:
        entries, key = keys.load_account(account)
    except keys.WalletKeyProblem as problem:
        findings.append(_unusable(problem))
    else:
        findings.append(Finding("ok", "account", f"The service account is {entries['client_email']}."))
        findings.append(_strength(key.key_size))
    if issuer_id.isascii() and issuer_id.isdecimal():
        findings.append(Finding("ok", "issuer", f"The issuer is {issuer_id}."))
    else:
        cure = "Copy the issuer id, digits only, from the Google Pay and Wallet console."
        findings.append(Finding("error", "issuer", "The issuer id is not a number.", cure))
    return findings


def _loaded(source: keys.Source, role: str, findings: list[Finding]) -> x509.Certificate | None:
    try:
        return keys.load_certificate(source, role)
    except keys.WalletKeyProblem as problem:
        findings.append(_unusable(problem))
        return None


def _unusable(problem: keys.WalletKeyProblem) -> Finding:
    return Finding("error", "unusable", f"{problem.file} cannot be used.", problem.cure)


def _exposed(source: keys.Source) -> Iterator[Finding]:
    if isinstance(source, Path) and source.is_file() and source.stat().st_mode & 0o077:
        cure = f"Run: chmod 600 {source}"
        yield Finding("warn", "exposed", f"Other users of this machine may read {source}.", cure)


def _pairing(leaf: x509.Certificate, private: RSAPrivateKey) -> Finding:
    if keys.fits(leaf, private):
        return Finding("ok", "key", "The private key belongs to the pass certificate.")
    cure = "Use the key the certificate was requested with, or request a new certificate with this key."
    return Finding("error", "key", "The private key belongs to another certificate.", cure)


def _identity(leaf: x509.Certificate, pass_type_id: str, team_id: str) -> Iterator[Finding]:
    for code, what, written, configured in (
        ("pass_type", "pass type", keys.pass_type_of(leaf), pass_type_id),
        ("team", "team", keys.team_of(leaf), team_id),
    ):
        if written == configured:
            yield Finding("ok", code, f"The {what} is {configured}.")
            continue
        sentence = f"The certificate is for the {what} {written or '(none)'}, the settings say {configured}."
        cure = f"Correct the setting, or use the certificate made for that {what}."
        yield Finding("error", code, sentence, cure)


def _expiry(certificate: x509.Certificate, what: str, now: datetime) -> Finding:
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    day = ends.date().isoformat()
    if now < begins:
        cure = "Set this machine's clock right, or wait for that day."
        return Finding("error", "not_yet", f"The {what} begins on {begins.date().isoformat()}.", cure)
    if now >= ends:
        return Finding("error", "expired", f"The {what} expired on {day}.", _RENEW[what])
    if ends - now < WARN_BEFORE:
        days = (ends - now).days
        return Finding("warn", "expires_soon", f"The {what} expires on {day}, in {days} days.", _RENEW[what])
    return Finding("ok", "expiry", f"The {what} is valid until {day}.")


def _issued(below: x509.Certificate, above: x509.Certificate, what: str, by: str) -> Finding:
    try:
        below.verify_directly_issued_by(above)
    except (ValueError, TypeError, InvalidSignature):
        cure = f"Its issuer is {below.issuer.rfc4514_string()}: put that certificate in the other's place."
        return Finding("error", "chain", f"The {what} was not signed by the {by}.", cure)
    return Finding("ok", "chain", f"The {what} was signed by the {by}.")


def _strength(bits: int) -> Finding:
    if bits >= 2048:
        return Finding("ok", "strength", f"The signing key has {bits} bits.")
    cure = "Make a new key for the service account."
    return Finding("error", "strength", f"The signing key has only {bits} bits.", cure)

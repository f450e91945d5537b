"""What is plugged in, told for operators: gateways by name and place, certificates by their days.

`wiring` knows which part is plugged where; this says it, without a secret: names, hosts and files only.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509

from app import config, wiring
from app.config import SettingProblem, Settings
from app.gateways import certificates
from app.gateways.breaker import BreakerState
from app.gateways.certificates import NotRead
from app.gateways.registers import source_options
from app.gateways.registers.options import HttpSource
from app.gateways.wallet import keys
from app.gateways.wallet.check import check_apple, check_google
from app.gateways.webhook import WebhookGateway
from app.runner.house import House
from app.runner.outside import Certificate, Configured, KeyFinding, Outside, live_flows
from app.wiring import WalletFiles

#: Of a channel; None where its letters are delivered by another process.
BreakerOf = Callable[[str], BreakerState | None]


def outside(settings: Settings, house: House, breaker: BreakerOf) -> Outside:
    """Everything that speaks to the world, read anew: a file that was changed shows at once."""
    now = house.clock()
    files = wiring.wallet_files(settings, now)
    findings = list(_findings(files, now))
    try:
        webhooks = wiring.open_webhooks(settings, house.clock)
    except SettingProblem as problem:
        webhooks = {}
        findings.append(KeyFinding("error", str(problem), ""))
    return Outside(
        configured=(*_carriers(settings), *_webhooks(webhooks), *_others(settings, files)),
        certificates=(*_of_the_pass(files), *_of_authorities(settings, house)),
        findings=tuple(findings),
        breaker=breaker,
    )


def _carriers(settings: Settings) -> Iterator[Configured]:
    yield Configured("sms", settings.sms, _sms_place(settings))
    place = f"{settings.smtp_host}:{settings.smtp_port}" if settings.mail == "smtp" else ""
    yield Configured("mail", settings.mail, place)


def _sms_place(settings: Settings) -> str:
    if settings.sms == "twilio":
        return _host(settings.twilio_url)
    return Path(settings.sms_http).name if settings.sms == "http" else ""


def _webhooks(webhooks: dict[str, WebhookGateway]) -> Iterator[Configured]:
    for realm, gateway in sorted(webhooks.items()):
        yield Configured("webhook", "webhook", _host(gateway.url), realm)


def _others(settings: Settings, files: WalletFiles) -> Iterator[Configured]:
    yield Configured("dns", "dns", settings.dns)
    yield Configured("apple", "demo" if files.demo else "apple", files.pass_type)
    if settings.google_mode == "generic":
        yield Configured("google", "google_wallet", _host(settings.google_url))
    yield Configured("google_key", "demo" if files.demo else "google", _account(files))


def _account(files: WalletFiles) -> str:
    try:
        return str(keys.load_account(files.account)[0]["client_email"])
    except keys.WalletKeyProblem:
        return ""


def _host(url: str) -> str:
    """Host and port alone: a path or a query may hold a key."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname or ""


def _of_the_pass(files: WalletFiles) -> Iterator[Certificate]:
    readers: dict[str, Callable[[], x509.Certificate]] = {
        "pass": lambda: keys.load_pair(files.certificate, files.key, files.password)[0],
        "wwdr": lambda: keys.load_certificate(files.wwdr, "the WWDR certificate"),
    }
    for role, read in readers.items():
        try:
            told = certificates.holds(read())
            yield Certificate(role, told.subject, told.ends_at)
        except keys.WalletKeyProblem as problem:
            yield Certificate(role, "", None, f"{problem.file}: {problem.cure}")


def _of_authorities(settings: Settings, house: House) -> Iterator[Certificate]:
    """The files of private authorities: the mail server's, and those that live registers name."""
    if settings.smtp_ca_file:
        yield from _authority("mail_authority", Path(settings.smtp_ca_file))
    secrets = config.environment_secrets()
    for file in sorted({secrets.get(name, "") for name in _named_by_registers(house)} - {""}):
        yield from _authority("register_authority", Path(file))


def _named_by_registers(house: House) -> Iterator[str]:
    for flow in live_flows(house):
        for spec in flow.spec.registers.values():
            options = source_options(spec.source) if spec.source != "imported" else None
            if isinstance(options, HttpSource) and options.ca_file_from:
                yield options.ca_file_from


def _authority(role: str, file: Path) -> Iterator[Certificate]:
    try:
        for each in certificates.in_file(file):
            yield Certificate(role, each.subject, each.ends_at)
    except NotRead as problem:
        yield Certificate(role, "", None, str(problem))


def _findings(files: WalletFiles, now: datetime) -> Iterator[KeyFinding]:
    found = check_apple(
        files.certificate,
        files.wwdr,
        files.key,
        files.password,
        pass_type_id=files.pass_type,
        team_id=files.team,
        now=now,
        root=files.root,
    )
    for finding in found + check_google(files.account, issuer_id=files.issuer):
        if finding.level != "ok":
            yield KeyFinding(finding.level, finding.sentence, finding.cure)

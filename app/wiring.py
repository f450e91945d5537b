"""The one place that knows which part is plugged where; `web` and the commands ask it."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy.exc import ArgumentError

import app.effects
import app.forms
import app.guards
import app.kinds
from app import config
from app.config import SettingProblem, Settings
from app.delivery.carriers import google_carrier, inbox_carrier, mail_carrier, sms_carrier, webhook_carrier
from app.delivery.post import Carrier, Post, warn_of_uncarried
from app.delivery.worker import owner_name
from app.flow.catalogue import Catalogue, scan
from app.gateways.dns import mail_domains, parse_nameserver
from app.gateways.mail import SmtpGateway
from app.gateways.messages import SmsGateway
from app.gateways.oidc import Provider
from app.gateways.receipts import ReceiptReader
from app.gateways.sms.http import HttpSmsGateway
from app.gateways.sms.receipts import HttpReceipts, TwilioReceipts
from app.gateways.sms.settings import HttpSmsSettings
from app.gateways.sms.twilio import TwilioGateway
from app.gateways.wallet.apple import AppleSigner
from app.gateways.wallet.demo_keys import DemoKeys, make_demo_keys
from app.gateways.wallet.google import GoogleSigner
from app.gateways.wallet.google_objects import GoogleObjects
from app.gateways.webhook import WebhookGateway
from app.gateways.webhook_settings import read_webhooks
from app.runner.house import FlowMissing, House
from app.runner.receipts import PATH as RECEIPTS
from app.runner.sources import Sources
from app.runner.staff.identity import Identities, role_map
from app.runner.wallet import Wallets, google_body
from app.store import schema
from app.store.crypto import Vault
from app.store.database import Database

log = logging.getLogger(__name__)


def catalogue() -> Catalogue:
    """Every guard, effect, kind and field type there is."""
    return scan(app.guards, app.effects, app.kinds, app.forms)


def open_house(settings: Settings, clock: Callable[[], datetime]) -> House:
    """The house these settings describe. Its database must have been upgraded."""
    try:
        settings.var.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as problem:
        raise config.unusable(settings.var, problem) from None
    try:
        domains = mail_domains(parse_nameserver(settings.dns))
    except ValueError as problem:
        raise SettingProblem(f"NARTHEX_DNS: {problem}") from None
    return House(
        database=_database(settings),
        vault=Vault(settings.secrets()),
        catalogue=catalogue(),
        sources=Sources(config.environment_secrets()),
        mail_domain=lambda domain: domains.ask(domain).value,
        base_url=settings.base_url or f"http://127.0.0.1:{settings.port}",
        clock=clock,
        secrets=settings.secrets(),
        google_objects=settings.google_mode == "generic",
        webhooks=frozenset(open_webhooks(settings, clock)),
        second_factor=not settings.demo,
        staff_passwords=settings.staff_passwords == "on",
    )


def _database(settings: Settings) -> Database:
    try:
        return Database(settings.resolved_database_url())
    except (ArgumentError, ImportError, ValueError):
        # Their text may quote the address with its password.
        raise SettingProblem(
            "NARTHEX_DATABASE_URL: cannot be read; write postgresql://user:password@host/database "
            "or sqlite:////folder/narthex.db"
        ) from None


def ready_house(settings: Settings, clock: Callable[[], datetime]) -> House:
    """The house with its database at the newest schema.

    The demo upgrades by itself; in production a missing migration is a SettingProblem with its cure.
    """
    house = open_house(settings, clock)
    migrations = settings.home / "migrations"
    if settings.demo:
        schema.upgrade(house.database, migrations)
    elif not schema.is_current(house.database, migrations):
        raise SettingProblem("The database is older than this program: run `narthex db upgrade`.")
    return house


def check_sources(house: House) -> None:
    """Open every live register that a published flow names; a SettingProblem names what is missing.

    Better at the start than at somebody's first step. A version that no longer loads is noted and left
    out: the other flows go on.
    """
    for name in house.shelf.names():
        try:
            flow = house.shelf.live(name)
        except FlowMissing:
            log.error("a live version does not load", extra={"flow": name})
            continue
        for register, spec in flow.spec.registers.items():
            if spec.source == "imported":
                continue
            try:
                house.sources.of(register, spec)
            except (OSError, ValueError) as problem:
                raise SettingProblem(f"register '{register}' of flow '{name}': {problem}") from None


@dataclass(frozen=True)
class WalletFiles:
    """Where the keys of both wallets lie, and the names the vendors gave us."""

    certificate: Path
    wwdr: Path
    key: Path | None
    password: str | None
    pass_type: str
    team: str
    account: Path
    issuer: str
    class_suffix: str
    root: Path | None
    demo: bool


def wallet_files(settings: Settings, now: datetime) -> WalletFiles:
    """The operator's files for each vendor, or the demo's own, made at the first start."""
    if not settings.demo and not (settings.apple_certificate and settings.google_account):
        raise SettingProblem("NARTHEX_APPLE_CERTIFICATE, NARTHEX_GOOGLE_ACCOUNT: name the wallet keys")
    demo = not (settings.apple_certificate and settings.google_account)
    keys = make_demo_keys(settings.var / "wallet", now) if demo else DemoKeys(settings.var / "wallet")
    apple = bool(settings.apple_certificate)
    google = bool(settings.google_account)
    return WalletFiles(
        certificate=Path(settings.apple_certificate) if apple else keys.certificate,
        wwdr=Path(settings.apple_wwdr) if apple else keys.wwdr,
        key=(Path(settings.apple_key) if settings.apple_key else None) if apple else keys.key,
        password=settings.apple_password.get_secret_value() or None,
        pass_type=settings.apple_pass_type if apple else keys.pass_type_id,
        team=settings.apple_team if apple else keys.team_id,
        account=Path(settings.google_account) if google else keys.service_account,
        issuer=settings.google_issuer if google else keys.issuer_id,
        class_suffix=settings.google_class if google else keys.class_suffix,
        root=None if apple else keys.root,
        demo=demo,
    )


def open_wallets(settings: Settings, now: datetime) -> Wallets:
    """The signers, their keys read once; raises WalletKeyProblem naming file and cure."""
    files = wallet_files(settings, now)
    return Wallets(
        apple=AppleSigner.load(files.certificate, files.wwdr, files.key, files.password),
        google=GoogleSigner.load(files.account),
        google_mode=settings.google_mode,
        issuer_id=files.issuer,
        class_suffix=files.class_suffix,
        demo=files.demo,
    )


def open_post(settings: Settings, house: House) -> Post:
    """The post office with a carrier for every channel."""
    sms = _sms(settings)
    demo = (house.database, house.vault, house.clock)
    carriers: dict[str, Carrier] = {
        "sms": sms_carrier(sms) if sms else inbox_carrier(*demo, "sms"),
        "mail": inbox_carrier(*demo, "mail") if settings.mail == "inbox" else mail_carrier(_smtp(settings)),
    }
    if settings.google_mode == "generic":
        wallets = open_wallets(settings, house.clock())
        objects = GoogleObjects(wallets.google, base_url=settings.google_url, pauses=())
        carriers["google"] = google_carrier(objects, partial(google_body, house, wallets))
    if webhooks := open_webhooks(settings, house.clock):
        carriers["webhook"] = webhook_carrier(webhooks, house.clock)
    warn_of_uncarried(house.database, carriers)
    return Post(house.database, house.vault, carriers, house.clock, owner_name())


def open_identity(settings: Settings) -> Identities | None:
    """How staff logs in by the organisation's identity provider, None where there is none."""
    if not settings.oidc_issuer:
        return None
    origin = settings.base_url or f"http://127.0.0.1:{settings.port}"
    try:
        provider = Provider(
            settings.oidc_issuer,
            settings.oidc_client_id,
            settings.oidc_client_secret.get_secret_value(),
            f"{origin}/desk/login/answer",
        )
    except ValueError as problem:
        raise SettingProblem(str(problem)) from None
    try:
        roles = role_map(settings.oidc_role_map)
    except ValueError as problem:
        raise SettingProblem(f"NARTHEX_OIDC_ROLE_MAP: {problem}") from None
    return Identities(provider, settings.oidc_roles_claim, roles, settings.oidc_name_claim)


def open_receipts(settings: Settings) -> ReceiptReader | None:
    """How receipts of text messages are read, None where the vendor gives none."""
    if settings.sms == "twilio":
        url = _receipts_url(settings)
        return TwilioReceipts(settings.twilio_token.get_secret_value(), url) if url else None
    rule = _http_sms(settings).receipts if settings.sms == "http" else None
    return HttpReceipts(rule) if rule else None


def _receipts_url(settings: Settings) -> str | None:
    """Where a vendor may call; never in the clear, and not before it is known by what name we are reached."""
    return settings.base_url + RECEIPTS if settings.base_url.startswith("https://") else None


def _sms(settings: Settings) -> SmsGateway | None:
    if settings.sms == "http":
        return HttpSmsGateway(_http_sms(settings))
    return _twilio(settings) if settings.sms == "twilio" else None


def _twilio(settings: Settings) -> TwilioGateway:
    try:
        return TwilioGateway(
            settings.twilio_account,
            settings.twilio_token.get_secret_value(),
            settings.twilio_from,
            base_url=settings.twilio_url,
            status_callback=_receipts_url(settings),
        )
    except ValueError as problem:
        raise SettingProblem(f"NARTHEX_TWILIO_...: {problem}") from None


def _http_sms(settings: Settings) -> HttpSmsSettings:
    file = Path(settings.sms_http)
    secrets = (settings.sms_token.get_secret_value(), settings.sms_receipt_token.get_secret_value())
    try:
        return HttpSmsSettings.parse(json.loads(file.read_text(encoding="utf-8")), *secrets)
    except OSError as problem:
        raise SettingProblem(f"NARTHEX_SMS_HTTP: {file}: {problem.strerror}") from None
    except json.JSONDecodeError as problem:
        raise SettingProblem(f"{file}:{problem.lineno}: {problem.msg}; write valid JSON") from None
    except ValueError as problem:
        raise SettingProblem(f"{file}: {problem}") from None


def open_webhooks(settings: Settings, clock: Callable[[], datetime]) -> dict[str, WebhookGateway]:
    """The machines that want to hear of logins, by realm."""
    if not settings.webhooks:
        return {}
    try:
        return read_webhooks(
            Path(settings.webhooks), config.webhook_secrets(), clock, https_only=not settings.demo
        )
    except ValueError as problem:
        raise SettingProblem(f"NARTHEX_WEBHOOKS: {problem}") from None


def _smtp(settings: Settings) -> SmtpGateway:
    try:
        return SmtpGateway(
            host=settings.smtp_host,
            port=settings.smtp_port,
            tls=settings.smtp_tls,
            username=settings.smtp_username,
            password=settings.smtp_password.get_secret_value(),
            sender=settings.mail_from,
            ca_file=settings.smtp_ca_file or None,
        )
    except (OSError, ValueError) as problem:
        raise SettingProblem(f"NARTHEX_SMTP_...: {problem}") from None

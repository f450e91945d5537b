"""Settings: read from the environment once, typed, frozen. `narthex config` shows them.

The only module that reads the environment. Secrets come from there alone; the demo makes its own and keeps
them under NARTHEX_VAR.
"""

import os
import secrets as chance
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

ROOT = Path(__file__).resolve().parent.parent
_MIN_SECRET = 32
_REGISTER, _WEBHOOK_SECRET = "NARTHEX_REGISTER_", "NARTHEX_WEBHOOK_SECRET_"
_REDIS = ("redis://", "rediss://", "redis+unix://")

Secret = SecretStr
HostPort = Annotated[str, Field(pattern=r"^$|^off$|^[^\s:]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$")]


class SettingProblem(Exception):
    """One or more settings are missing or wrong; the text names each and its cure."""


class Settings(BaseModel):
    """Everything that can be set. The field's alias is the environment variable."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    profile: Literal["demo", "production"] = Field(
        "demo", alias="NARTHEX_PROFILE", description="demo runs by itself; production refuses demo parts"
    )
    port: int = Field(8000, alias="PORT", ge=0, le=65535, description="TCP port to listen on")
    host: str = Field("127.0.0.1", alias="NARTHEX_HOST", description="address to listen on")
    var: Path = Field(Path("var"), alias="NARTHEX_VAR", description="data folder")
    home: Path = Field(ROOT, alias="NARTHEX_HOME", description="folder with workflows/ and templates/")
    database_url: Secret = Field(
        Secret(""),
        alias="NARTHEX_DATABASE_URL",
        description="SQLite or PostgreSQL; default: narthex.db in the data folder",
    )
    redis_url: Secret = Field(
        Secret(""), alias="NARTHEX_REDIS_URL", description="shared request limits; default: in this process"
    )
    secret_keys: Secret = Field(
        Secret(""),
        alias="NARTHEX_SECRET_KEYS",
        description="comma-separated secrets of at least 32 signs; the first is used, the others still read",
    )
    base_url: str = Field(
        "",
        alias="NARTHEX_BASE_URL",
        pattern=r"^$|^https?://[^\s/?#]+$",
        description="public address, used in links; production: https; demo default: this host and port",
    )
    proxies: int = Field(
        0, alias="NARTHEX_PROXIES", ge=0, le=5, description="how many proxies in front set X-Forwarded-For"
    )
    delivery: Literal["inside", "worker"] = Field(
        "inside", alias="NARTHEX_DELIVERY", description="send from this process, or by `narthex worker`"
    )
    posts_per_minute: int = Field(
        120, alias="NARTHEX_POSTS_PER_MINUTE", ge=1, description="POST requests a network may make"
    )
    gets_per_minute: int = Field(
        600, alias="NARTHEX_GETS_PER_MINUTE", ge=1, description="GET requests a network may make"
    )
    dns: HostPort = Field(
        "", alias="NARTHEX_DNS", description="host:port of a resolver, or off; default: the system's"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", alias="NARTHEX_LOG_LEVEL", description="least serious log line written"
    )
    sms: Literal["inbox", "http", "twilio"] = Field(
        "inbox", alias="NARTHEX_SMS", description="SMS gateway; inbox is the demo's"
    )
    sms_http: str = Field(
        "", alias="NARTHEX_SMS_HTTP", description="file (JSON) declaring the HTTP SMS gateway"
    )
    twilio_account: str = Field("", alias="NARTHEX_TWILIO_ACCOUNT", description="Twilio account SID")
    twilio_token: Secret = Field(Secret(""), alias="NARTHEX_TWILIO_TOKEN", description="Twilio auth token")
    twilio_from: str = Field(
        "", alias="NARTHEX_TWILIO_FROM", description="sender number, or messaging service SID (MG...)"
    )
    twilio_url: str = Field(
        "https://api.twilio.com", alias="NARTHEX_TWILIO_URL", description="Twilio's address"
    )
    sms_token: Secret = Field(
        Secret(""), alias="NARTHEX_SMS_TOKEN", description="put where the HTTP gateway's file says {token}"
    )
    sms_receipt_token: Secret = Field(
        Secret(""),
        alias="NARTHEX_SMS_RECEIPT_TOKEN",
        description="secret by which the HTTP gateway's receipts prove themselves",
    )
    webhooks: str = Field(
        "",
        alias="NARTHEX_WEBHOOKS",
        description="file (JSON) naming each realm's webhook; their secrets are NARTHEX_WEBHOOK_SECRET_...",
    )
    mail: Literal["inbox", "smtp"] = Field(
        "inbox", alias="NARTHEX_MAIL", description="mail gateway; inbox is the demo's"
    )
    smtp_host: str = Field("", alias="NARTHEX_SMTP_HOST", description="SMTP server")
    smtp_port: int = Field(587, alias="NARTHEX_SMTP_PORT", ge=1, le=65535, description="SMTP port")
    smtp_tls: Literal["starttls", "tls", "none"] = Field(
        "starttls", alias="NARTHEX_SMTP_TLS", description="how the connection is protected"
    )
    smtp_username: str = Field("", alias="NARTHEX_SMTP_USERNAME", description="SMTP login")
    smtp_password: Secret = Field(Secret(""), alias="NARTHEX_SMTP_PASSWORD", description="SMTP password")
    smtp_ca_file: str = Field(
        "", alias="NARTHEX_SMTP_CA_FILE", description="PEM of a private certificate authority"
    )
    mail_from: str = Field("", alias="NARTHEX_MAIL_FROM", description="sender address of mails")
    apple_certificate: str = Field(
        "", alias="NARTHEX_APPLE_CERTIFICATE", description="pass certificate, PEM or .p12 file"
    )
    apple_key: str = Field(
        "", alias="NARTHEX_APPLE_KEY", description="its private key, PEM file (not with .p12)"
    )
    apple_password: Secret = Field(
        Secret(""), alias="NARTHEX_APPLE_PASSWORD", description="password of the key or the .p12"
    )
    apple_wwdr: str = Field("", alias="NARTHEX_APPLE_WWDR", description="Apple's WWDR certificate, PEM file")
    apple_pass_type: str = Field("", alias="NARTHEX_APPLE_PASS_TYPE", description="pass type identifier")
    apple_team: str = Field("", alias="NARTHEX_APPLE_TEAM", description="team identifier")
    google_account: str = Field("", alias="NARTHEX_GOOGLE_ACCOUNT", description="service account, JSON file")
    google_issuer: str = Field("", alias="NARTHEX_GOOGLE_ISSUER", description="Google Wallet issuer id")
    google_class: str = Field(
        "health_card", alias="NARTHEX_GOOGLE_CLASS", description="class id suffix for generic passes"
    )
    google_mode: Literal["private", "generic"] = Field(
        "private", alias="NARTHEX_GOOGLE_MODE", description="all in the link, or an object over REST"
    )
    google_url: str = Field(
        "https://walletobjects.googleapis.com",
        alias="NARTHEX_GOOGLE_URL",
        description="Google Wallet's address",
    )

    oidc_issuer: str = Field(
        "",
        alias="NARTHEX_OIDC_ISSUER",
        max_length=200,
        pattern=r"^$|^https?://[^\s?#]+$",
        description="OpenID Connect provider by which staff logs in to the desk; production: https",
    )
    oidc_client_id: str = Field("", alias="NARTHEX_OIDC_CLIENT_ID", description="what the provider calls us")
    oidc_client_secret: Secret = Field(
        Secret(""), alias="NARTHEX_OIDC_CLIENT_SECRET", description="by which we prove it to the provider"
    )
    oidc_roles_claim: str = Field(
        "roles", alias="NARTHEX_OIDC_ROLES_CLAIM", description="claim with roles; a dot leads into an object"
    )
    oidc_role_map: str = Field(
        "",
        alias="NARTHEX_OIDC_ROLE_MAP",
        description="their group=our role, comma-separated; default: they use our roles' names",
    )
    oidc_name_claim: str = Field(
        "preferred_username", alias="NARTHEX_OIDC_NAME_CLAIM", description="claim that names a new member"
    )
    staff_passwords: Literal["on", "off"] = Field(
        "on",
        alias="NARTHEX_STAFF_PASSWORDS",
        description="whether staff may log in by password; off only with NARTHEX_OIDC_ISSUER",
    )

    @property
    def demo(self) -> bool:
        """Whether this is the demo."""
        return self.profile == "demo"

    def resolved_database_url(self) -> str:
        """The database URL, the default filled in."""
        return self.database_url.get_secret_value() or f"sqlite:///{(self.var / 'narthex.db').absolute()}"

    def secrets(self) -> tuple[bytes, ...]:
        """The secrets, the current one first."""
        return tuple(s.strip().encode() for s in self.secret_keys.get_secret_value().split(",") if s.strip())


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings in `environ`; raises SettingProblem naming every wrong one and its cure."""
    settings, wrong = examine(environ)
    if wrong:
        raise SettingProblem("\n".join(wrong))
    return settings


def examine(environ: Mapping[str, str] = os.environ) -> tuple[Settings, list[str]]:
    """The settings in `environ`, wrong ones replaced by their default, and a sentence for each wrong one.

    A sentence begins with the setting's name and quotes no value.
    """
    known = {str(info.alias) for info in Settings.model_fields.values()}
    given = {key: environ[key] for key in known if environ.get(key, "") != ""}
    wrong: dict[str, str] = {}
    try:
        settings = Settings.model_validate(given)
    except ValidationError as invalid:
        wrong = {str(e["loc"][0]): _sentence(e) for e in invalid.errors()}
        settings = Settings.model_validate({k: v for k, v in given.items() if k not in wrong})
    unknown = [key for key in environ if key.startswith("NARTHEX_") and key not in known and not _named(key)]
    problems = [f"{key}: nobody knows this setting; `narthex config` lists them" for key in unknown]
    # What is replaced by its default is not missing as well.
    problems += [each for each in _unfit(settings) if each.partition(":")[0] not in wrong]
    return settings, [*wrong.values(), *problems]


def given(environ: Mapping[str, str] = os.environ) -> set[str]:
    """The settings that stand in `environ`; all others have their default."""
    return {key for key in environ if environ[key] != ""}


def _named(key: str) -> bool:
    """Settings of the operator's own, referred to by a definition or by the webhooks' file."""
    return key.startswith((_REGISTER, _WEBHOOK_SECRET))


def environment_secrets(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variables a register's `url_from` or `token_from` may name: NARTHEX_REGISTER_..."""
    return {key: value for key, value in environ.items() if key.startswith(_REGISTER)}


def webhook_secrets(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variables the webhooks' file may name in `secret_from`: NARTHEX_WEBHOOK_SECRET_..."""
    return {key: value for key, value in environ.items() if key.startswith(_WEBHOOK_SECRET)}


def _sentence(error: Any) -> str:
    alias = error["loc"][0] if error["loc"] else "settings"
    info = next((i for i in Settings.model_fields.values() if i.alias == alias), None)
    meaning = f" ({info.description})" if info else ""
    # A pattern says nothing to the reader; the description says what to write.
    wrong = "not understood" if error["type"] == "string_pattern_mismatch" else error["msg"].lower()
    return f"{alias}: {wrong}{meaning}"


def _unfit(settings: Settings) -> list[str]:
    problems = [
        "NARTHEX_SECRET_KEYS: each secret needs at least 32 signs; make one with `openssl rand -hex 32`"
        for secret in settings.secrets()
        if len(secret) < _MIN_SECRET
    ][:1]
    if (redis := settings.redis_url.get_secret_value()) and not redis.startswith(_REDIS):
        problems.append("NARTHEX_REDIS_URL: write redis://host:6379/0, rediss://... or redis+unix://...")
    if settings.sms == "http" and not settings.sms_http:
        problems.append("NARTHEX_SMS_HTTP: name the JSON file that declares the gateway")
    if settings.sms == "twilio":
        problems += _missing(settings, "twilio_account", "twilio_token", "twilio_from")
    if settings.mail == "smtp":
        problems += _missing(settings, "smtp_host", "mail_from")
    if not (settings.home / "workflows").is_dir():
        problems.append(f"NARTHEX_HOME: {settings.home} has no workflows/; name the project's folder")
    problems += _half_given(settings, "apple_certificate", "apple_wwdr", "apple_pass_type", "apple_team")
    problems += _half_given(settings, "google_account", "google_issuer")
    if settings.apple_key and not settings.apple_certificate:
        problems.append("NARTHEX_APPLE_CERTIFICATE: missing; the key alone signs nothing")
    problems += _unfit_for_staff(settings)
    return problems + ([] if settings.demo else _unfit_for_production(settings))


def _unfit_for_staff(settings: Settings) -> list[str]:
    if settings.oidc_issuer:
        return _missing(settings, "oidc_client_id", "oidc_client_secret")
    if settings.staff_passwords == "off":
        return ["NARTHEX_STAFF_PASSWORDS: off needs NARTHEX_OIDC_ISSUER, or nobody can log in"]
    return []


def _half_given(settings: Settings, *names: str) -> list[str]:
    """What is missing of settings that go together, once one of them is given."""
    return _missing(settings, *names) if any(getattr(settings, name) for name in names) else []


def _unfit_for_production(settings: Settings) -> list[str]:
    problems = _missing(settings, "secret_keys", "base_url", "database_url")
    if settings.base_url and not settings.base_url.startswith("https://"):
        problems.append("NARTHEX_BASE_URL: production needs an https address")
    if settings.oidc_issuer and not settings.oidc_issuer.startswith("https://"):
        problems.append("NARTHEX_OIDC_ISSUER: production needs an https address")
    for name in ("sms", "mail"):
        if getattr(settings, name) == "inbox":
            problems.append(
                f"NARTHEX_{name.upper()}: the demo's inbox is not for production; choose a gateway"
            )
    if settings.smtp_tls == "none" and settings.mail == "smtp":
        problems.append("NARTHEX_SMTP_TLS: production does not send mail unprotected; use starttls or tls")
    problems += _missing(settings, "apple_certificate", "apple_wwdr", "apple_pass_type", "apple_team")
    problems += _missing(settings, "google_account", "google_issuer")
    return problems


def _missing(settings: Settings, *names: str) -> list[str]:
    problems = []
    for name in names:
        value = getattr(settings, name)
        if not (value.get_secret_value() if isinstance(value, SecretStr) else value):
            info = Settings.model_fields[name]
            problems.append(f"{info.alias}: missing; {info.description}")
    return problems


def with_demo_secrets(settings: Settings) -> Settings:
    """The demo's settings with a secret of its own, made once and kept in the data folder (mode 0600).

    Raises SettingProblem if the folder cannot be used, or the file in it holds no secret.
    """
    if settings.secrets() or not settings.demo:
        return settings
    file = settings.var / "demo-secret"
    try:
        settings.var.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not file.exists():
            _make_secret(file)
        secret = file.read_text().strip()
    except OSError as problem:
        raise unusable(settings.var, problem) from None
    if len(secret) < _MIN_SECRET:
        raise SettingProblem(f"NARTHEX_VAR: {file} holds no secret; remove the folder to begin anew")
    return settings.model_copy(update={"secret_keys": SecretStr(secret)})


def unusable(var: Path, problem: OSError) -> SettingProblem:
    """What to say of a data folder that cannot be made, read or written."""
    reason = problem.strerror or type(problem).__name__
    return SettingProblem(f"NARTHEX_VAR: {var}: {reason}; name a folder that can be written")


def _make_secret(file: Path) -> None:
    # Written aside and linked into place: of two processes starting at once, one wins and both read it.
    # On disk before it has its name, name before use: without it nothing in the database can be read.
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    with draft.open("w") as written:
        written.write(chance.token_hex(32))
        written.flush()
        os.fsync(written.fileno())
    with suppress(FileExistsError):
        os.link(draft, file)
    draft.unlink()
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

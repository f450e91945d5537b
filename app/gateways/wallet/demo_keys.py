"""Keys for the demo, made at its first start: passes signed well that no phone accepts.

A self-made root and WWDR intermediate, a pass certificate below them, a service account for Google. The keys
of root and intermediate are thrown away: nobody, not even the demo, can sign another certificate with them.
"""

import json
import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.gateways.wallet.keys import WalletKeyProblem

PASS_TYPE_ID = "pass.demo.narthex.card"  # noqa: S105 - a name printed on every pass
TEAM_ID = "NARTHEX001"
ISSUER_ID = "3388000000000000000"
CLASS_SUFFIX = "card"
_LIFE = timedelta(days=3650)

CaKey = ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class DemoKeys:
    """Where the demo's keys lie, and the names Apple and Google would have given the organisation."""

    folder: Path
    pass_type_id: str = PASS_TYPE_ID
    team_id: str = TEAM_ID
    issuer_id: str = ISSUER_ID
    class_suffix: str = CLASS_SUFFIX

    @property
    def root(self) -> Path:
        """The self-made root certificate, for ``openssl smime -verify -CAfile``."""
        return self.folder / "root.pem"

    @property
    def wwdr(self) -> Path:
        """The intermediate certificate, in the place of Apple's Worldwide Developer Relations."""
        return self.folder / "wwdr.pem"

    @property
    def certificate(self) -> Path:
        """The pass certificate."""
        return self.folder / "pass.pem"

    @property
    def key(self) -> Path:
        """The private key of the pass certificate, not encrypted."""
        return self.folder / "pass.key"

    @property
    def service_account(self) -> Path:
        """The Google service account, its private key inside."""
        return self.folder / "service_account.json"

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file of the set."""
        return self.root, self.wwdr, self.certificate, self.key, self.service_account


def make_demo_keys(folder: Path, now: datetime) -> DemoKeys:
    """The demo's keys under ``folder``, which is theirs alone: loaded, or made if it is absent or empty.

    They are made beside it and put in place by one rename: a crash leaves nothing half made, and of two
    processes that start at once the second takes the first one's. Valid for ten years from ``now``. Raises
    WalletKeyProblem when the folder holds something that is not a whole set: it is not ours to overwrite.
    """
    found = DemoKeys(folder)
    if folder.is_dir() and any(folder.iterdir()):
        return _whole(found)
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = DemoKeys(Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent)))  # mode 0700
    try:
        _write_set(made, now)
        made.folder.rename(folder)
    except OSError:
        if not any(folder.glob("*")):
            raise
        return _whole(found)  # another process was first
    finally:
        shutil.rmtree(made.folder, ignore_errors=True)
    _sync(folder.parent)
    return found


def _whole(keys: DemoKeys) -> DemoKeys:
    if all(file.is_file() for file in keys.files):
        return keys
    cure = "This is not a whole set of demo keys: move the folder away, and the next start makes a new set."
    raise WalletKeyProblem(str(keys.folder), cure)


def _write_set(keys: DemoKeys, now: datetime) -> None:
    root_key, wwdr_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    pass_key = _rsa()
    root_name, wwdr_name = _named("Narthex demo root"), _named("Narthex demo WWDR")
    root = _authority(root_name, root_name, root_key, root_key, now)
    wwdr = _authority(wwdr_name, root_name, wwdr_key, root_key, now)
    leaf = _pass_certificate(wwdr_name, pass_key, wwdr_key, now)
    _write(keys.root, root.public_bytes(Encoding.PEM))
    _write(keys.wwdr, wwdr.public_bytes(Encoding.PEM))
    _write(keys.certificate, leaf.public_bytes(Encoding.PEM))
    _write(keys.key, _pem(pass_key))
    _write(keys.service_account, json.dumps(_account(), indent=2).encode())
    _sync(keys.folder)


def _authority(
    subject: x509.Name, issuer: x509.Name, key: CaKey, signed_by: CaKey, now: datetime
) -> x509.Certificate:
    usage = x509.KeyUsage(
        False, False, False, False, False, True, True, False, False
    )  # certificates and lists
    return (
        _certificate(subject, issuer, key.public_key(), signed_by, now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(signed_by, hashes.SHA256())
    )


def _pass_certificate(
    issuer: x509.Name, key: rsa.RSAPrivateKey, signed_by: CaKey, now: datetime
) -> x509.Certificate:
    """Named as Apple names them: the pass type in UID, the team in OU. OpenSSL wants emailProtection."""
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.USER_ID, PASS_TYPE_ID),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Pass Type ID: {PASS_TYPE_ID}"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, TEAM_ID),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Narthex demo"),
        ]
    )
    usage = x509.KeyUsage(True, False, False, False, False, False, False, False, False)  # signatures only
    return (
        _certificate(subject, issuer, key.public_key(), signed_by, now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .sign(signed_by, hashes.SHA256())
    )


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    public: rsa.RSAPublicKey | ec.EllipticCurvePublicKey,
    signed_by: CaKey,
    now: datetime,
) -> x509.CertificateBuilder:
    signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(signed_by.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _LIFE)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(signer, critical=False)
    )


def _named(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _account() -> dict[str, str]:
    """The entries Google's own files have that signing needs; ``.invalid`` so that it can ask nobody."""
    return {
        "type": "service_account",
        "project_id": "narthex-demo",
        "private_key_id": secrets.token_hex(20),
        "private_key": _pem(_rsa()).decode(),
        "client_email": "wallet@narthex-demo.invalid",
        "token_uri": "https://oauth.narthex-demo.invalid/token",
    }


def _rsa() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(file: Path, content: bytes) -> None:
    """A file only this user can read from its first moment on, on the disk before its name counts."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(descriptor)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

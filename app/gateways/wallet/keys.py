"""Reading the keys that sign passes: PEM, DER and .p12, from a file or from bytes, once at start.

Whatever is wrong with a file becomes one ``WalletKeyProblem`` with its name and a cure. The cause is cut off
on purpose: the libraries' messages may quote what they were reading.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12
from cryptography.x509.oid import NameOID, ObjectIdentifier

Source = Path | bytes
"""A file, or its content where it comes from a secret store."""

_PEM = b"-----BEGIN "


class WalletKeyProblem(Exception):
    """A key file cannot be used: ``file`` says which, ``cure`` what is wrong with it and what to do."""

    def __init__(self, file: str, cure: str) -> None:
        super().__init__(f"{file}: {cure}")
        self.file = file
        self.cure = cure


def name_of(source: Source, role: str) -> str:
    """What to call ``source`` before an operator: its path, or its role when it came as bytes."""
    return str(source) if isinstance(source, Path) else role


def load_certificate(source: Source, role: str) -> x509.Certificate:
    """The first certificate of a PEM or DER file. Raises WalletKeyProblem."""
    content = _content(source, role)
    try:
        if _PEM in content:
            return x509.load_pem_x509_certificate(content)
        return x509.load_der_x509_certificate(content)
    except ValueError:
        cure = "This is no certificate in PEM or DER form: download it again, or name the right file."
        raise WalletKeyProblem(name_of(source, role), cure) from None


def load_pair(
    certificate: Source, key: Source | None, password: str | None
) -> tuple[x509.Certificate, RSAPrivateKey]:
    """The pass certificate and its private key, from a .p12, one PEM file, or a certificate and a key file.

    ``key`` is None when both are in ``certificate``. A password given for a key that has none is ignored.
    Raises WalletKeyProblem.
    """
    role = "the pass certificate"
    if key is None and _PEM not in _content(certificate, role):
        return _load_p12(certificate, password)
    loaded = load_certificate(certificate, role)
    return loaded, load_private_key(certificate if key is None else key, "the pass key", password)


def load_private_key(source: Source, role: str, password: str | None) -> RSAPrivateKey:
    """The RSA private key of a PEM file. Raises WalletKeyProblem."""
    content, file = _content(source, role), name_of(source, role)
    try:
        key = _open_pem(content, password)
    except TypeError:
        cure = "The key is encrypted and no password was given: set the wallet password."
        raise WalletKeyProblem(file, cure) from None
    except (ValueError, UnsupportedAlgorithm):
        cure = (
            "The private key cannot be read: give the password it was encrypted with, "
            "or a file that holds a private key in PEM form."
        )
        raise WalletKeyProblem(file, cure) from None
    return _rsa(key, file)


def load_account(source: Source) -> tuple[Mapping[str, str], RSAPrivateKey]:
    """A Google service account from its JSON file, and its key. Raises WalletKeyProblem."""
    role = "the service account"
    file = name_of(source, role)
    try:
        account = json.loads(_content(source, role))
    except ValueError:
        cure = "This is not JSON: download a key of the service account in the JSON form."
        raise WalletKeyProblem(file, cure) from None
    if not isinstance(account, dict) or account.get("type") != "service_account":
        cure = "This is not a service account's key: its type must be service_account."
        raise WalletKeyProblem(file, cure)
    for entry in ("client_email", "private_key", "token_uri"):
        if not isinstance(account.get(entry), str) or not account[entry]:
            cure = f"The entry {entry} is missing: download the key of the service account again."
            raise WalletKeyProblem(file, cure)
    return account, load_private_key(account["private_key"].encode(), f"{file} (private_key)", None)


def pass_type_of(certificate: x509.Certificate) -> str | None:
    """The pass type identifier Apple writes into a pass certificate (subject UID), None without one."""
    return _subject(certificate, NameOID.USER_ID)


def team_of(certificate: x509.Certificate) -> str | None:
    """The team identifier Apple writes into a pass certificate (subject OU), None without one."""
    return _subject(certificate, NameOID.ORGANIZATIONAL_UNIT_NAME)


def fits(certificate: x509.Certificate, key: RSAPrivateKey) -> bool:
    """Whether ``key`` is the private half of ``certificate``."""
    return certificate.public_key() == key.public_key()


def _load_p12(source: Source, password: str | None) -> tuple[x509.Certificate, RSAPrivateKey]:
    role = "the pass certificate"
    file = name_of(source, role)
    secret = None if password is None else password.encode()
    try:
        key, certificate, _others = pkcs12.load_key_and_certificates(_content(source, role), secret)
    except UnsupportedAlgorithm:
        cure = "Its encryption is too old to be read: export it again with AES encryption."
        raise WalletKeyProblem(file, cure) from None
    except (ValueError, TypeError):
        cure = (
            "It is no PEM file, and as .p12 it does not open: give the password it was exported with, "
            "or export it again."
        )
        raise WalletKeyProblem(file, cure) from None
    if key is None or certificate is None:
        cure = "The .p12 must hold the pass certificate and its private key: export both together."
        raise WalletKeyProblem(file, cure)
    return certificate, _rsa(key, file)


def _open_pem(content: bytes, password: str | None) -> object:
    if not password:
        return load_pem_private_key(content, password=None)
    try:
        return load_pem_private_key(content, password=password.encode())
    except TypeError:  # the key is not encrypted: nothing was protected, so nothing is lost
        return load_pem_private_key(content, password=None)


def _rsa(key: object, file: str) -> RSAPrivateKey:
    if isinstance(key, RSAPrivateKey):
        return key
    raise WalletKeyProblem(file, "Wallets take RSA keys only: make the certificate from an RSA 2048 key.")


def _subject(certificate: x509.Certificate, oid: ObjectIdentifier) -> str | None:
    found = certificate.subject.get_attributes_for_oid(oid)
    return str(found[0].value) if found else None


def _content(source: Source, role: str) -> bytes:
    if isinstance(source, bytes):
        return source
    try:
        return source.read_bytes()
    except OSError:
        cure = f"{role.capitalize()} cannot be read: check the path and that this user may read it."
        raise WalletKeyProblem(str(source), cure) from None

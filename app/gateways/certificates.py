"""What stands in a file of certificates: whose each is, and until when it holds."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Holds:
    """One certificate: the name it is for, and when it ends."""

    subject: str
    ends_at: datetime


class NotRead(ValueError):
    """The file cannot be read, or holds no certificate in PEM; the text says which and what to do."""


def subject_of(certificate: x509.Certificate) -> str:
    """The common name, else the whole subject as it is written."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()


def holds(certificate: x509.Certificate) -> Holds:
    """Whose the certificate is, and when it ends."""
    return Holds(subject_of(certificate), certificate.not_valid_after_utc)


def in_file(path: Path) -> list[Holds]:
    """Every certificate of a PEM file, the one that ends first in front; raises NotRead."""
    try:
        found = x509.load_pem_x509_certificates(path.read_bytes())
    except OSError as problem:
        raise NotRead(f"{path}: {problem.strerror}; name a file that can be read") from None
    except ValueError:
        raise NotRead(f"{path}: holds no certificate in PEM; put the authority's file there") from None
    return sorted((holds(each) for each in found), key=lambda each: each.ends_at)

"""Demo keys, and what the check says of keys that are well, worn out, mixed up or broken."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509 import load_pem_x509_certificate
from hypothesis import given
from hypothesis import strategies as st

from app.gateways.wallet import keys as wallet_keys
from app.gateways.wallet.apple import AppleSigner
from app.gateways.wallet.check import Finding, check_apple, check_google
from app.gateways.wallet.demo_keys import DemoKeys, make_demo_keys
from app.gateways.wallet.google import GoogleSigner
from app.gateways.wallet.keys import WalletKeyProblem

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TEN_YEARS = timedelta(days=3650)
MAKE = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from app.gateways.wallet.demo_keys import make_demo_keys
print(make_demo_keys(Path(sys.argv[1]), datetime(2026, 11, 23, tzinfo=UTC)).certificate.read_text())
"""
DIE_HALF_WAY = """
import os, signal
from app.gateways.wallet import demo_keys
write, written = demo_keys._write, []
def write_twice(file, content):
    if len(written) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    written.append(file)
    write(file, content)
demo_keys._write = write_twice
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoKeys:
    return make_demo_keys(tmp_path_factory.mktemp("wallet") / "keys", NOW)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> DemoKeys:
    return make_demo_keys(tmp_path_factory.mktemp("other") / "keys", NOW)


def checked(demo: DemoKeys, **changes: Any) -> list[Finding]:
    asked: dict[str, Any] = {
        "certificate": demo.certificate,
        "wwdr": demo.wwdr,
        "key": demo.key,
        "pass_type_id": demo.pass_type_id,
        "team_id": demo.team_id,
        "now": NOW,
        "root": demo.root,
    }
    return check_apple(**(asked | changes))


def amiss(findings: list[Finding]) -> list[tuple[str, str]]:
    for finding in findings:
        assert finding.sentence.endswith(".")
        assert (finding.level == "ok") == (not finding.cure)
    return [(finding.level, finding.code) for finding in findings if finding.level != "ok"]


def private_key(demo: DemoKeys) -> rsa.RSAPrivateKey:
    return wallet_keys.load_private_key(demo.key, "the key", None)


def p12(demo: DemoKeys, password: bytes | None, key: Any = None) -> bytes:
    hidden = BestAvailableEncryption(password) if password else NoEncryption()
    certificate = load_pem_x509_certificate(demo.certificate.read_bytes())
    return pkcs12.serialize_key_and_certificates(b"pass", key or private_key(demo), certificate, None, hidden)


def pem(key: Any, password: bytes | None = None) -> bytes:
    hidden = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, hidden)


def in_a_process(script: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE, text=True)


def test_the_demos_own_keys_are_found_well(demo):
    assert amiss(checked(demo)) == []
    assert amiss(check_google(demo.service_account, issuer_id=demo.issuer_id)) == []


def test_demo_keys_are_for_this_user_only(demo):
    for file in demo.files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    assert stat.S_IMODE(demo.folder.stat().st_mode) == 0o700


def test_the_second_start_loads_what_the_first_made(tmp_path):
    before = {file: file.read_bytes() for file in make_demo_keys(tmp_path / "keys", NOW).files}
    later = make_demo_keys(tmp_path / "keys", NOW + TEN_YEARS)
    assert {file: file.read_bytes() for file in later.files} == before
    assert [each.name for each in tmp_path.iterdir()] == ["keys"]


def test_processes_that_start_at_once_agree(tmp_path):
    started = [in_a_process(MAKE, tmp_path / "var" / "keys") for _ in range(3)]
    certificates = {each.communicate()[0] for each in started}
    assert [each.returncode for each in started] == [0, 0, 0]
    assert len(certificates) == 1
    assert [each.name for each in (tmp_path / "var").iterdir()] == ["keys"]


def test_a_process_killed_half_way_leaves_no_half_set(tmp_path):
    killed = in_a_process(DIE_HALF_WAY + MAKE, tmp_path / "keys")
    killed.communicate()
    assert killed.returncode == -9
    assert not (tmp_path / "keys").exists()
    assert amiss(checked(make_demo_keys(tmp_path / "keys", NOW))) == []


def test_an_empty_folder_is_filled_and_a_strange_one_left_alone(tmp_path):
    (tmp_path / "keys").mkdir()
    assert make_demo_keys(tmp_path / "keys", NOW).key.is_file()
    (tmp_path / "keys" / "pass.key").unlink()
    with pytest.raises(WalletKeyProblem, match="move the folder away"):
        make_demo_keys(tmp_path / "keys", NOW)
    assert (tmp_path / "keys" / "pass.pem").is_file()


def test_a_folder_that_cannot_be_made_is_an_error_of_its_own(tmp_path):
    (tmp_path / "keys").write_text("a file where the folder should be")
    with pytest.raises(OSError, match="keys"):
        make_demo_keys(tmp_path / "keys", NOW)
    assert [each.name for each in tmp_path.iterdir()] == ["keys"]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (NOW + TEN_YEARS - timedelta(days=31), []),
        (NOW + TEN_YEARS - timedelta(days=29), [("warn", "expires_soon")] * 2),
        (NOW + TEN_YEARS + timedelta(seconds=1), [("error", "expired")] * 2),
        (NOW - timedelta(days=2), [("error", "not_yet")] * 2),
    ],
)
def test_expiry_is_told_thirty_days_ahead(demo, when, expected):
    assert amiss(checked(demo, now=when)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"pass_type_id": "pass.bg.insurer.card"}, [("error", "pass_type")]),
        ({"team_id": "ABCDE12345"}, [("error", "team")]),
        ({"key": lambda demo, other: other.key}, [("error", "key")]),
        ({"root": lambda demo, other: other.root}, [("error", "chain")]),
        ({"wwdr": lambda demo, other: other.wwdr}, [("error", "chain")] * 2),
        ({"wwdr": lambda demo, other: demo.root}, [("error", "chain")]),
        ({"root": None}, []),
        ({"certificate": Path("/nowhere/pass.pem")}, [("error", "unusable")]),
        ({"wwdr": b"no certificate"}, [("error", "unusable")]),
        (
            {"root": b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"},
            [("error", "unusable")],
        ),
    ],
)
def test_what_does_not_belong_together_is_named(demo, other, changes, expected):
    resolved = {
        name: value(demo, other) if isinstance(value, Callable) else value for name, value in changes.items()
    }
    assert amiss(checked(demo, **resolved)) == expected


def test_a_key_others_may_read_is_a_warning(demo, tmp_path):
    key = tmp_path / "pass.key"
    key.write_bytes(demo.key.read_bytes())
    key.chmod(0o644)
    assert amiss(checked(demo, key=key)) == [("warn", "exposed")]
    account = tmp_path / "account.json"
    account.write_bytes(demo.service_account.read_bytes())
    account.chmod(0o640)
    assert amiss(check_google(account, issuer_id="3388")) == [("warn", "exposed")]


@pytest.mark.parametrize("password", [None, "", "парола"])
def test_a_p12_is_as_good_as_two_files(demo, password):
    content = p12(demo, password.encode() if password else None)
    signer = AppleSigner.load(content, demo.wwdr, password=password)
    assert (signer.pass_type_id, signer.team_id) == (demo.pass_type_id, demo.team_id)
    assert amiss(checked(demo, certificate=content, key=None, password=password)) == []


def test_an_encrypted_key_opens_with_its_password_and_a_plain_one_with_any(demo):
    encrypted = pem(private_key(demo), b"secret")
    assert AppleSigner.load(demo.certificate, demo.wwdr, encrypted, "secret").team_id == demo.team_id
    assert AppleSigner.load(demo.certificate, demo.wwdr, demo.key, "unneeded").team_id == demo.team_id


def test_certificate_and_key_may_share_a_file_and_certificates_may_be_der(demo):
    both = demo.certificate.read_bytes() + demo.key.read_bytes()
    wwdr = load_pem_x509_certificate(demo.wwdr.read_bytes()).public_bytes(Encoding.DER)
    assert AppleSigner.load(both, wwdr).pass_type_id == demo.pass_type_id


def test_apples_keys_that_cannot_be_used_name_the_file_and_the_cure(demo, other, tmp_path):
    broken = tmp_path / "broken.pem"
    broken.write_bytes(demo.key.read_bytes()[:300])
    sealed = tmp_path / "sealed.p12"
    sealed.write_bytes(p12(demo, b"right"))
    load = AppleSigner.load
    for attempt, file, cure in (
        (lambda: load(demo.certificate, demo.wwdr, tmp_path / "gone.pem"), "gone.pem", "check the path"),
        (lambda: load(demo.certificate, demo.wwdr, broken), "broken.pem", "in PEM form"),
        (lambda: load(sealed, demo.wwdr, None, "wrong"), "sealed.p12", "the password it was exported with"),
        (lambda: load(sealed, demo.wwdr), "sealed.p12", "the password it was exported with"),
        (lambda: load(demo.certificate, demo.wwdr, other.key), "pass.pem", "another certificate"),
        (lambda: load(demo.wwdr, demo.wwdr, demo.key), "wwdr.pem", "another certificate"),
        (lambda: load(demo.certificate, broken, demo.key), "broken.pem", "PEM or DER"),
        (
            lambda: load(demo.certificate, demo.wwdr, pem(private_key(demo), b"x")),
            "pass key",
            "set the wallet",
        ),
        (
            lambda: load(demo.certificate, demo.wwdr, pem(private_key(demo), b"x"), "y"),
            "pass key",
            "password",
        ),
        (
            lambda: load(demo.certificate, demo.wwdr, pem(ec.generate_private_key(ec.SECP256R1()))),
            "key",
            "RSA",
        ),
    ):
        with pytest.raises(WalletKeyProblem) as caught:
            attempt()
        assert caught.value.file.endswith(file)
        assert cure in caught.value.cure
        assert caught.value.__suppress_context__ or caught.value.__context__ is None
        assert "wrong" not in str(caught.value)


def test_a_p12_without_its_key_is_told(demo):
    certificate = load_pem_x509_certificate(demo.certificate.read_bytes())
    content = pkcs12.serialize_key_and_certificates(b"pass", None, certificate, None, NoEncryption())
    with pytest.raises(WalletKeyProblem, match="export both together"):
        AppleSigner.load(content, demo.wwdr)


def test_a_certificate_of_another_kind_is_no_pass_certificate(demo, tmp_path):
    account = json.loads(demo.service_account.read_text())
    key = wallet_keys.load_private_key(account["private_key"].encode(), "the key", None)
    plain = tmp_path / "plain.pem"
    subject = ["-subj", "/CN=plain", "-key", "/dev/stdin", "-days", "9"]
    command = ["openssl", "req", "-x509", "-new", "-out", str(plain), *subject]
    subprocess.run(command, input=pem(key), check=True, capture_output=True)
    with pytest.raises(WalletKeyProblem, match="Pass Type ID certificate"):
        AppleSigner.load(plain, demo.wwdr, pem(key))
    mismatched = [("error", "pass_type"), ("error", "team")]
    assert amiss(checked(demo, certificate=plain, key=pem(key), now=datetime.now(UTC)))[:2] == mismatched


def account_with(demo: DemoKeys, **changes: object) -> bytes:
    return json.dumps({**json.loads(demo.service_account.read_text()), **changes}).encode()


@pytest.mark.parametrize(
    ("changes", "cure"),
    [
        ({"type": "authorized_user"}, "must be service_account"),
        ({"client_email": ""}, "client_email is missing"),
        ({"token_uri": None}, "token_uri is missing"),
        ({"private_key": 7}, "private_key is missing"),
        ({"private_key": "no key"}, "private key cannot be read"),
    ],
)
def test_a_service_account_that_cannot_sign_is_told(demo, changes, cure):
    content = account_with(demo, **changes)
    with pytest.raises(WalletKeyProblem, match=cure):
        GoogleSigner.load(content)
    assert amiss(check_google(content, issuer_id="3388")) == [("error", "unusable")]


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff\xfe", b'"text"'])
def test_a_file_that_is_no_service_account_is_told(content):
    with pytest.raises(WalletKeyProblem, match="the service account: This is not"):
        GoogleSigner.load(content)


@pytest.mark.parametrize("issuer", ["", "3388x", "٣٣٨٨", "my issuer"])
def test_an_issuer_id_is_a_number(demo, issuer):
    assert amiss(check_google(demo.service_account, issuer_id=issuer)) == [("error", "issuer")]


def test_a_short_key_is_refused_by_the_check(demo):
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    content = account_with(demo, private_key=pem(short).decode())
    assert amiss(check_google(content, issuer_id="3388")) == [("error", "strength")]


@given(content=st.binary(max_size=200), password=st.none() | st.text(max_size=5))
def test_whatever_a_file_holds_loading_ends_in_a_signer_or_a_problem(demo, content, password):
    for attempt in (
        lambda: AppleSigner.load(content, content, None, password),
        lambda: AppleSigner.load(demo.certificate, demo.wwdr, content, password),
        lambda: AppleSigner.load(demo.certificate.read_bytes()[:400] + content, content, demo.key),
        lambda: GoogleSigner.load(content),
    ):
        with pytest.raises(WalletKeyProblem):
            attempt()


def test_a_folder_in_a_files_place_is_a_problem_not_a_crash(demo):
    assert os.access(demo.folder, os.R_OK)
    assert amiss(checked(demo, key=demo.folder)) == [("error", "unusable")]

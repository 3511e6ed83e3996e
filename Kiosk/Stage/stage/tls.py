# SPDX-License-Identifier: Apache-2.0
"""TLS as the stage needs it: speaking as the terminal, and certificates of strangers."""

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

OURS = ("127.0.0.1", "localhost")
HOUR = timedelta(hours=1)


def client(authority: str, certificate: Path | None = None, key: Path | None = None) -> ssl.SSLContext:
    """Believes `authority` (PEM) alone; shows `certificate`, if any."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_verify_locations(cadata=authority)
    if certificate:
        context.load_cert_chain(certificate, key)
    return context


def server(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


@dataclass
class Mint:
    """An authority that certifies servers under any name, for any time."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def foreign(cls, name: str = "Somebody else") -> "Mint":
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.now(timezone.utc)
        made = (_plain(subject, subject, key.public_key(), now - HOUR, now + 24 * HOUR)
                .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
                .sign(key, hashes.SHA256()))
        return cls(made, key)

    @classmethod
    def of(cls, certificate: Path, key: Path) -> "Mint":
        """With an authority's own key, as a thief would."""
        return cls(x509.load_pem_x509_certificate(certificate.read_bytes()),
                   serialization.load_pem_private_key(key.read_bytes(), None))

    def server(self, folder: Path, names: tuple[str, ...] = OURS, since: timedelta = HOUR,
               until: timedelta = 24 * HOUR, signs_itself: bool = False) -> ssl.SSLContext:
        """A server with a certificate for `names`, valid from `since` ago until `until` from
        now (negative: over)."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        issuer = subject if signs_itself else self.certificate.subject
        now = datetime.now(timezone.utc)
        made = (_plain(subject, issuer, key.public_key(), now - since, now + until)
                .add_extension(x509.SubjectAlternativeName(list(map(_name, names))), critical=False)
                .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
                .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
                .sign(key if signs_itself else self.key, hashes.SHA256()))
        at, key_at = folder / "stranger.pem", folder / "stranger.key"
        at.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        key_at.write_bytes(key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        return server(at, key_at)


def _plain(subject, issuer, key, since, until) -> x509.CertificateBuilder:
    return (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
            .serial_number(x509.random_serial_number()).not_valid_before(since).not_valid_after(until))


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def serial(certificate: Path) -> int:
    """Of the first certificate in a PEM file."""
    return x509.load_pem_x509_certificate(certificate.read_bytes()).serial_number

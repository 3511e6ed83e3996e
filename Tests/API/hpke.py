# SPDX-License-Identifier: Apache-2.0
"""HPKE, RFC 9180, base mode, one shot: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
ChaCha20-Poly1305. Written from the RFC, so that it shares no fault with the product."""

import hashlib
import hmac

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

KEM_SUITE = b"KEM" + (0x0020).to_bytes(2, "big")
HPKE_SUITE = b"HPKE" + b"".join(i.to_bytes(2, "big") for i in (0x0020, 0x0001, 0x0003))


def _extract(salt: bytes, suite: bytes, label: bytes, key: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + key, hashlib.sha256)


def _expand(key: bytes, suite: bytes, label: bytes, info: bytes, length: int) -> bytes:
    info = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(key, info + b"\x01", hashlib.sha256)[:length]


def seal(public: bytes, info: bytes, aad: bytes, plain: bytes) -> bytes:
    """The encapsulated key, then what was sealed."""
    ephemeral = X25519PrivateKey.generate()
    encapsulated = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(public))
    secret = _expand(_extract(b"", KEM_SUITE, b"eae_prk", shared), KEM_SUITE, b"shared_secret",
                     encapsulated + public, 32)
    context = (b"\x00" + _extract(b"", HPKE_SUITE, b"psk_id_hash", b"")
               + _extract(b"", HPKE_SUITE, b"info_hash", info))
    root = _extract(secret, HPKE_SUITE, b"secret", b"")
    key = _expand(root, HPKE_SUITE, b"key", context, 32)
    nonce = _expand(root, HPKE_SUITE, b"base_nonce", context, 12)
    return encapsulated + ChaCha20Poly1305(key).encrypt(nonce, plain, aad)

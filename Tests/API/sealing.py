# SPDX-License-Identifier: Apache-2.0
"""Seals envelopes as a terminal does, without a line of the product."""

import base64
import os
import time
from hashlib import sha256

import hpke
from running import Terminal, base64_text, canonical, digest

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def number(area: str, allotment: str, day: str, sequence: int) -> str:
    """With its check character, ISO/IEC 7064 MOD 37,36."""
    body, rest = f"{area}{allotment}{day}{sequence:05d}", 36
    for character in body:
        rest = (rest + ALPHABET.index(character)) % 36 or 36
        rest = rest * 2 % 37
    return body + ALPHABET[(37 - rest) % 36]


def identifier() -> str:
    """A UUID of version 7."""
    raw = bytearray(int(time.time() * 1000).to_bytes(6, "big") + os.urandom(10))
    raw[6], raw[8] = raw[6] & 0x0F | 0x70, raw[8] & 0x3F | 0x80
    text = raw.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def claim_hash(number: str, code: str) -> str:
    return sha256((number + code).encode()).hexdigest()


class Sealer:
    def __init__(self, terminal: Terminal):
        self.terminal, self.sequence = terminal, 0

    def next_number(self) -> str:
        self.sequence += 1
        who = self.terminal.identity
        return number(who["area"], who["allotment"], "20261121", self.sequence)

    def seal(self, kind: str, number: str, routing: dict, content: dict | None = None,
             after: tuple[str, ...] = ()) -> dict:
        who = self.terminal.identity
        frame = {
            "format": 1, "id": identifier(), "number": number, "kind": kind, "day": number[10:18],
            "after": list(after), "terminal": who["terminal"],
            "keys": {"routing": who["routingKey"]["id"], "content": who["contentKey"]["id"]},
            "suite": "hpke-x25519-hkdfsha256-chacha20poly1305"}
        bound = canonical(frame)
        sealed_routing = self._seal(routing, "routing", who["routingKey"], bound)
        sealed_content = self._seal(content, "content", who["contentKey"], bound) if content else b""
        part = lambda data: {"size": len(data), "sha256": digest(data)} if data else None
        header = canonical(frame | {"routing": part(sealed_routing), "content": part(sealed_content)})
        return {"header": base64_text(header), "routing": base64_text(sealed_routing),
                "content": base64_text(sealed_content),
                "signature": base64_text(self.terminal.signer.sign(header))}

    def _seal(self, value: dict, part: str, key: dict, bound: bytes) -> bytes:
        public = base64.b64decode(key["publicKey"])
        return hpke.seal(public, f"nightdesk 1 {part}".encode(), bound, canonical(value))

    def application(self, matter: str, code: str = "7KQ4M2XD", number: str | None = None) -> tuple[str, dict]:
        number = number or self.next_number()
        routing = {"matter": matter, "matterVersion": 1, "assurance": "cardRead",
                   "time": {"at": int(time.time() * 1000), "quality": "synchronised"},
                   "claimHash": claim_hash(number, code)}
        return number, self.seal("application", number, routing, content(code))

    def following(self, kind: str, first: str, code: str = "7KQ4M2XD") -> tuple[str, dict]:
        number = self.next_number()
        routing = {"assurance": "cardRead", "claimHash": claim_hash(number, code), "first": first,
                   "firstClaimHash": claim_hash(first, code),
                   "time": {"at": int(time.time() * 1000), "quality": "synchronised"}}
        return number, self.seal(kind, number, routing, content(code))


def content(code: str) -> dict:
    """An invented person with a published specimen number."""
    return {
        "applicant": {"document": "resident", "name": "王小明", "sex": "1", "ethnicity": "01", "birth": "19491231",
                      "address": "某某路1号", "idNumber": "11010519491231002X", "issuer": "某某公安局",
                      "validFrom": "20200101", "validTo": "长期"},
        "answers": {"note": "<b>&</b>", "agree": True, "kinds": ["a", "b"]},
        "materials": [{"id": "id_card", "way": "cardRead"}],
        "claimCode": code, "language": "zh"}

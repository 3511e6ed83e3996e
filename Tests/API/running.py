# SPDX-License-Identifier: Apache-2.0
"""A real centre (three doors and the back office) with an enrolled terminal, all made by its
own commands, and a client of our own for each door."""

import base64
import datetime
import hashlib
import json
import os
import signal
import socket
import ssl
import subprocess
import time
from pathlib import Path

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import NameOID

TREE = Path(__file__).resolve().parents[2]
CENTRALD = os.environ.get("NIGHTDESK_CENTRALD", str(TREE / ".build" / "debug" / "centrald"))
CATALOGUE = TREE / "Kiosk" / "Catalogue" / "catalogue.json"
PAGES = TREE / "Kiosk" / "Centre"


def command(*words: str, fails: bool = False) -> str:
    """What centrald says; its end must be as expected."""
    done = subprocess.run([CENTRALD, *words], capture_output=True, text=True, timeout=60)
    assert (done.returncode != 0) == fails, (words, done.returncode, done.stdout, done.stderr)
    return done.stderr if fails else done.stdout


def base64_text(data: bytes) -> str:
    return base64.b64encode(data).decode()


class Terminal:
    """The keys of one terminal, and what it got for them."""

    def __init__(self, folder: Path, name: str):
        self.folder, self.name = folder / name, name
        self.folder.mkdir()
        self.signer = ed25519.Ed25519PrivateKey.generate()
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.identity: dict = {}
        self.key_file = self.folder / "tls.key"
        self.certificate_file = self.folder / "tls.pem"
        self.key_file.write_bytes(self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption()))

    def request(self) -> str:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "somebody else")])
        made = x509.CertificateSigningRequestBuilder().subject_name(name).sign(
            self.key, hashes.SHA256())
        return made.public_bytes(serialization.Encoding.PEM).decode()

    def enrolment(self, code: str) -> dict:
        public = self.signer.public_key().public_bytes_raw()
        return {"code": code, "publicKey": base64_text(public), "certificateRequest": self.request()}

    def keep(self, reply: dict) -> None:
        self.identity = reply["identity"]
        self.certificate_file.write_text(reply["certificate"])

    @property
    def pair(self) -> tuple[str, str]:
        return str(self.certificate_file), str(self.key_file)

    def self_signed(self, days: int = 10) -> tuple[str, str]:
        """A certificate that only says to be ours."""
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)])
        now = datetime.datetime.now(datetime.timezone.utc)
        made = (x509.CertificateBuilder().subject_name(name).issuer_name(name)
                .public_key(self.key.public_key()).serial_number(x509.random_serial_number())
                .not_valid_before(now - datetime.timedelta(days=1))
                .not_valid_after(now + datetime.timedelta(days=days))
                .sign(self.key, hashes.SHA256()))
        path = self.folder / "self.pem"
        path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        return str(path), str(self.key_file)


class RunningCentre:
    def __init__(self, folder: Path):
        self.folder, self.data = folder, folder / "centre"
        command("keys", "new", "--data", str(self.data))
        self.office_data = folder / "office"
        (self.data / "office").rename(self.office_data)
        self.token = (self.data / "clerk.token").read_text()
        self.clerk = {"Authorization": f"Bearer {self.token}"}
        self.authority = str(self.data / "authority.pem")
        self.processes: list[subprocess.Popen] = []
        self.doors: dict[str, str] = {}

    def start(self) -> None:
        self.serve = self._start([
            "serve", "--data", str(self.data), "--port", "0", "--terminals-port", "0",
            "--enrolment-port", "0", "--catalogue", str(CATALOGUE), "--pages", str(PAGES)], 3)
        self.office = self._start([
            "office", "--data", str(self.office_data), "--centre", self.doors["centre"],
            "--port", "0", "--pages", str(PAGES)], 1)

    def _start(self, words: list[str], doors: int) -> subprocess.Popen:
        log = open(self.folder / f"{words[0]}.log", "ab")
        process = subprocess.Popen([CENTRALD, *words], stdout=subprocess.PIPE, stderr=log, text=True)
        self.processes.append(process)
        for _ in range(doors):
            line = process.stdout.readline()
            assert ": http" in line, (line, (self.folder / f"{words[0]}.log").read_text())
            name, address = line.strip().split(": ")
            self.doors[name] = address
        return process

    def stop(self) -> None:
        for process in reversed(self.processes):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes:
            process.wait(10)

    def lives(self) -> None:
        assert self.serve.poll() is None
        assert requests.get(self.doors["centre"] + "/healthz", timeout=10).json() == {"status": "ok"}

    def enrolled(self, name: str) -> Terminal:
        terminal = Terminal(self.folder, name)
        said = command("enrolment", "new", "--data", str(self.data), "--terminal", name,
                       "--area", "320507")
        ticket = said.splitlines()[-1].replace("-", "")
        reply = requests.post(self.doors["enrolment"] + "/v1/enrolments", verify=self.authority,
                              json=terminal.enrolment(ticket[:16]), timeout=10)
        assert reply.status_code == 200, reply.text
        terminal.keep(reply.json())
        return terminal

    def session(self, terminal: Terminal | None = None, clerk: bool = False) -> requests.Session:
        session = requests.Session()
        # No proxy, no bundle of this machine's.
        session.trust_env = False
        session.verify = self.authority
        if terminal:
            session.cert = terminal.pair
        if clerk:
            session.headers.update(self.clerk)
        return session

    def socket(self, door: str, terminal: Terminal | None = None) -> socket.socket:
        """A bare connection, for what no client would send."""
        host, port = self.doors[door].rsplit("/", 1)[-1].split(":")
        plain = socket.create_connection((host, int(port)), timeout=20)
        if door in ("centre", "office"):
            return plain
        context = ssl.create_default_context(cafile=self.authority)
        if terminal:
            context.load_cert_chain(*terminal.pair)
        return context.wrap_socket(plain, server_hostname=host)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def until(what: str, seconds: float, holds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = holds()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come about within {seconds} s")


def canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

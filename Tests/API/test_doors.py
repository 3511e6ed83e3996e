# SPDX-License-Identifier: Apache-2.0
"""Who comes in where, and what changes while the centre serves."""

import base64
import json
import shutil
import socket
import ssl
import threading

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from running import CATALOGUE, RunningCentre, Terminal, command, until


def refused(error: BaseException) -> bool:
    return "ALERT" in str(error).upper() or "reset" in str(error).lower() or "EOF" in str(error)


def test_without_a_certificate_nothing_is_said(centre):
    with pytest.raises((requests.exceptions.SSLError, requests.exceptions.ConnectionError)) as raised:
        requests.get(centre.doors["terminals"] + "/healthz", verify=centre.authority, timeout=10)
    assert refused(raised.value)


def test_with_a_certificate_of_somebody_else_nothing_is_said(centre, tmp_path):
    stranger = Terminal(tmp_path, "T0012")
    with pytest.raises((requests.exceptions.SSLError, requests.exceptions.ConnectionError)) as raised:
        requests.get(centre.doors["terminals"] + "/healthz", verify=centre.authority, timeout=10,
                     cert=stranger.self_signed())
    assert refused(raised.value)


def test_the_servers_own_certificate_lets_nobody_in(centre):
    """It is of our authority, but made for a server."""
    own = str(centre.data / "server.pem"), str(centre.data / "server.key")
    with pytest.raises((requests.exceptions.SSLError, requests.exceptions.ConnectionError)):
        requests.get(centre.doors["terminals"] + "/healthz", verify=centre.authority, cert=own, timeout=10)


def test_tls_1_2_is_not_spoken(centre):
    host, port = centre.doors["enrolment"].rsplit("/", 1)[-1].split(":")
    context = ssl.create_default_context(cafile=centre.authority)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with socket.create_connection((host, int(port)), timeout=10) as plain:
        with pytest.raises(ssl.SSLError):
            context.wrap_socket(plain, server_hostname=host)


def test_every_door_serves_its_own_paths_only(centre, terminal):
    terminals = centre.session(terminal)
    for path in ("/metrics", "/v1/cases", "/v1/counts", "/v1/enrolments", "/p/1", "/v1/time"):
        assert terminals.get(centre.doors["terminals"] + path).status_code == 404, path
    clerk = centre.session(clerk=True)
    for path in ("/v1/batches", "/v1/events", "/v1/catalogue", "/v1/certificates", "/v1/authority", "/clerk/"):
        assert clerk.get(centre.doors["centre"] + path).status_code == 404, path


def test_a_ticket_names_the_authority(centre):
    said = command("enrolment", "new", "--data", str(centre.data), "--terminal", "T0777", "--area", "320507")
    ticket = said.splitlines()[-1]
    assert [len(group) for group in ticket.split("-")] == [4] * 8


def test_a_revoked_terminal_is_unknown_and_its_stream_ends(centre):
    terminal = centre.enrolled("T0099")
    session = centre.session(terminal)
    url = centre.doors["terminals"]
    stream = session.get(url + "/v1/events", stream=True, timeout=30)
    lines = stream.iter_lines()
    assert next(lines) == b": hb"
    revocation = f"{centre.doors['office']}/v1/terminals/T0099/revocation"
    assert requests.post(revocation, headers=centre.clerk).json() == {"terminal": "T0099", "revoked": 1}
    assert b"event" not in b"".join(lines)
    answer = centre.session(terminal).get(url + "/v1/catalogue")
    assert answer.status_code == 403 and "terminal-unknown" in answer.text


def test_events_reach_the_terminal_and_resume(centre):
    terminal = centre.enrolled("T0100")
    session, url = centre.session(terminal), centre.doors["terminals"]
    clerk = centre.session(clerk=True)
    orders = f"{centre.doors['office']}/v1/terminals/T0100/commands"
    stream = session.get(url + "/v1/events", stream=True, timeout=30)
    lines = stream.iter_lines()
    assert next(lines) == b": hb"
    ordered = clerk.post(orders, json={"act": "report", "seconds": 600})
    assert ordered.status_code == 201
    event = event_of(lines)
    assert event["event"] == "command" and json.loads(event["data"]) == ordered.json()
    stream.close()
    again = session.get(url + "/v1/events", stream=True, timeout=30)
    assert json.loads(event_of(again.iter_lines())["data"]) == ordered.json()
    again.close()
    report = {"outcome": {"word": "done", "detail": "healthy"}}
    answer = session.post(f"{url}/v1/commands/{ordered.json()['id']}", json=report)
    assert answer.json() == report
    listed = clerk.get(orders).json()["commands"]
    assert [one["outcome"] for one in listed] == [report["outcome"]]
    second = clerk.post(orders, json={"act": "deliver", "seconds": 600}).json()
    later = session.get(url + "/v1/events", stream=True, timeout=30,
                        headers={"Last-Event-ID": event["id"]})
    assert json.loads(event_of(later.iter_lines())["data"]) == second
    later.close()


def event_of(lines) -> dict[str, str]:
    """The next event of a stream, as WHATWG HTML 9.2.6 reads it."""
    event: dict[str, str] = {}
    for line in lines:
        if line.startswith(b":"):
            continue
        if not line:
            if event:
                return event
            continue
        name, _, value = line.decode().partition(": ")
        event[name] = value
    raise AssertionError("the stream ended")


def test_a_published_catalogue_is_told_and_had(centre, tmp_path):
    terminal = centre.enrolled("T0101")
    session, url = centre.session(terminal), centre.doors["terminals"]
    catalogue = json.loads(CATALOGUE.read_text())
    file = tmp_path / "catalogue.json"
    held = 0
    for version in (1, 2):
        catalogue["meta"]["version"] = f"test {version}"
        file.write_text(json.dumps(catalogue, ensure_ascii=False))
        assert command("catalogue", "publish", "--data", str(centre.data), str(file)).startswith(f"catalogue {version}:")
        answer = until("a newer catalogue", 10,
                       lambda: (lambda a: a if a.status_code == 200 else None)(
                           session.get(f"{url}/v1/catalogue", params={"after": held})))
        document = answer.json()
        payload = json.loads(base64.b64decode(document["payload"]))
        assert payload["version"] == version and payload["from"] == (held or None)
        same = session.get(f"{url}/v1/catalogue", params={"after": held},
                           headers={"If-None-Match": answer.headers["ETag"]})
        assert same.status_code == 304
        held = version
    assert session.get(f"{url}/v1/catalogue", params={"after": 2}).status_code == 204
    whole = session.get(f"{url}/v1/catalogue", params={"after": 0}).json()
    assert json.loads(base64.b64decode(whole["payload"]))["from"] is None
    stream = session.get(url + "/v1/events", stream=True, timeout=30)
    event = event_of(stream.iter_lines())
    assert (event["event"], json.loads(event["data"])) == ("catalogue", {"version": 2})
    stream.close()
    said = command("catalogue", "publish", "--data", str(centre.data), str(file), fails=True)
    assert "version 2" in said
    file.write_text("{}")
    assert "faulty" in command("catalogue", "publish", "--data", str(centre.data), str(file), fails=True)


def test_certificates_are_swapped_while_it_serves(centre, terminal):
    host, port = centre.doors["enrolment"].rsplit("/", 1)[-1].split(":")
    before = ssl.get_server_certificate((host, int(port)))
    kept = centre.session(terminal)
    assert kept.get(centre.doors["terminals"] + "/v1/catalogue").status_code in (200, 204)
    said = command("certificates", "renew", "--data", str(centre.data), "--name", "centre.example")
    assert "centre.example, 127.0.0.1, localhost" in said
    until("another certificate", 10,
          lambda: ssl.get_server_certificate((host, int(port))) != before)
    assert kept.get(centre.doors["terminals"] + "/v1/catalogue").status_code in (200, 204)
    fresh = centre.session(terminal)
    assert fresh.get(centre.doors["terminals"] + "/v1/catalogue").status_code in (200, 204)


@pytest.fixture
def own(tmp_path):
    """A centre that a test may end."""
    running = RunningCentre(tmp_path)
    running.start()
    yield running
    running.stop()


def test_it_ends_within_five_seconds_with_streams_open(own):
    terminal = own.enrolled("T0001")
    stream = own.session(terminal).get(own.doors["terminals"] + "/v1/events", stream=True, timeout=30)
    lines = stream.iter_lines()
    assert next(lines) == b": hb"
    ended = threading.Event()
    threading.Thread(target=lambda: (list(lines), ended.set()), daemon=True).start()
    own.serve.terminate()
    assert own.serve.wait(5) == 0
    assert ended.wait(5)


def test_an_authority_whose_key_is_another_is_not_taken(own):
    other = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (own.data / "authority.key").write_bytes(other)
    until("a look at the files", 10, lambda: "certificates" in (own.folder / "serve.log").read_text())
    terminal = own.enrolled("T0001")
    answer = own.session(terminal).get(own.doors["terminals"] + "/v1/catalogue")
    assert answer.status_code in (200, 204)


def test_keys_are_made_once(tmp_path):
    data = tmp_path / "data"
    command("keys", "new", "--data", str(data))
    held = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    assert "nothing was made" in command("keys", "new", "--data", str(data), fails=True)
    assert held == {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    assert {oct(path.stat().st_mode & 0o777) for path in held} == {"0o600"}
    shutil.rmtree(data)


def test_metrics_hold_no_number_and_no_person(centre, filed):
    text = requests.get(centre.doors["centre"] + "/metrics").text
    assert 'nightdesk_envelopes_total{verdict="stored"}' in text
    assert filed[0] not in text and "王" not in text and "T0012" not in text
    for line in text.splitlines():
        assert line.startswith("#") or float(line.rsplit(" ", 1)[1]) >= 0


def test_an_export_is_taken_in_as_often_as_one_likes(centre, sealer, terminal, tmp_path):
    envelopes = [sealer.application("elder_allowance")[1] for _ in range(3)]
    head = {"format": 1, "terminal": terminal.name, "at": 1_795_201_920_000, "envelopes": 3}
    file = tmp_path / "T0012.export"
    file.write_text("".join(json.dumps(line) + "\n" for line in [head, *envelopes]))
    words = ("import", str(file), "--data", str(centre.data), "--centre", centre.doors["centre"])
    assert command(*words) == "stored 3, already 0, refused 0\n"
    assert command(*words) == "stored 0, already 3, refused 0\n"
    file.write_text(file.read_text()[:-200])
    assert "not whole" in command(*words, fails=True)
    counts = command("stats", "--json", "--data", str(centre.data), "--centre", centre.doors["centre"])
    assert json.loads(counts)["applications"] >= 3

# SPDX-License-Identifier: Apache-2.0
"""What comes to the centre's door and is no honest batch: too large, too deep, doubled keys, an
altered header, somebody else's envelope. Nothing of it is taken for what it is not, the honest
envelope is taken all the same, and the centre goes on."""

import base64
import json
import sqlite3
import time
import urllib.error
import urllib.request

import pytest

import residents
from lives import Lives
from reckoning import Reckoning, Troubles
from stage.http import Service
from stage.tls import client
from sweep import REPORT, wanted
from walk import Walk

MEDIA = "application/vnd.nightdesk.verdicts+json"


@pytest.fixture(scope="module")
def house():
    with Lives() as house:
        yield house


def post(door: Service, body: bytes) -> tuple[int, bytes]:
    request = urllib.request.Request(door.url + "/v1/batches", data=body, method="POST", headers={
        "Content-Type": "application/json", "Accept": MEDIA})
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=door.context))
    try:
        with opener.open(request, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except (urllib.error.URLError, OSError):
        # A body that is far too large may be cut off while it is sent.
        return 0, b""


def batch(terminal: str, *envelopes: dict) -> bytes:
    return json.dumps({"batch": "ab" * 16, "terminal": terminal, "envelopes": envelopes}).encode()


def waiting(house: Lives) -> list[dict]:
    """Messages of the envelopes that wait in the terminal's ledger."""
    base = sqlite3.connect(f"file:{house.state / 'ledger'}?mode=ro", uri=True)
    rows = base.execute("""SELECT header, routing, content, signature FROM envelope JOIN outbox
                           USING (row) ORDER BY row""").fetchall()
    base.close()
    names = ("header", "routing", "content", "signature")
    return [{name: base64.b64encode(part).decode() for name, part in zip(names, row)} for row in rows]


@pytest.fixture
def honest(house):
    """One filing that waits; after the test it is delivered and everything reckoned."""
    reckoning, began = Reckoning.of(house), time.monotonic()
    house.panel.network("cut")
    walk = Walk(house.enter(), house.panel, residents.GRANDMOTHER)
    told = walk.file(walk.to_summary())
    assert told.number
    reckoning.hear(told)
    yield waiting(house)
    house.panel.network("through")
    house.delivered()
    troubles = Troubles()
    reckoning.close(troubles)
    REPORT.add("hostile", "hostile", troubles, True, began)
    assert not troubles.all()


def verdicts(answer: bytes) -> list[tuple[str, str | None]]:
    return [(one["verdict"], one.get("reason")) for one in json.loads(answer)["verdicts"]]


pytestmark = pytest.mark.skipif(not wanted("hostile"), reason="another point is wanted")


REFUSED_WHOLE = (0, 400, 413, 422)


def test_ten_megabytes_take_nothing_twice_and_hold_nobody_up(house, honest):
    filled = batch("T0012", *honest).replace(
        b'"envelopes"', b'"filler": "' + b"x" * 10_000_000 + b'", "envelopes"')
    status, answer = post(house.as_terminal(), filled)
    assert status in REFUSED_WHOLE and b"verdicts" not in answer
    many = 10_000_000 // len(batch("T0012", honest[0])) + 1
    status, answer = post(house.as_terminal(), batch("T0012", *[honest[0]] * many))
    assert status in REFUSED_WHOLE or {word for word, _ in verdicts(answer)} <= {"stored", "already"}
    assert house.centre.answers("/healthz")


@pytest.mark.parametrize("body", [
    b"[" * 1000 + b"]" * 1000,
    b'{"batch": ' + b"[" * 1000 + b"]" * 1000 + b', "terminal": "T0012", "envelopes": []}',
    b'{"batch": "' + b"ab" * 16 + b'", "batch": "' + b"cd" * 16 + b'", "terminal": "T0012", "envelopes": []}',
    b'{"batch": "' + b"ab" * 16 + b'", "terminal": "T0012", "envelopes": [], "more": 1}',
], ids=["depth", "depth-within", "doubled-key", "unknown-key"])
def test_what_is_no_batch_is_refused_whole(house, honest, body):
    status, answer = post(house.as_terminal(), body)
    assert status in (400, 422) and b"verdicts" not in answer
    assert house.centre.answers("/healthz")


def altered(message: dict) -> dict:
    """The header names another kind; form and parts are right."""
    header = json.loads(base64.b64decode(message["header"]))
    header["kind"] = {"application": "rating"}.get(header["kind"], "application")
    text = json.dumps(header, separators=(",", ":"), sort_keys=True).encode()
    return message | {"header": base64.b64encode(text).decode()}


def test_an_altered_header_is_refused_by_verdict_and_the_true_one_taken(house, honest):
    status, answer = post(house.as_terminal(), batch("T0012", altered(honest[0])))
    assert status == 200 and verdicts(answer) == [("refused", "badSignature")]


def other_terminal(house: Lives) -> Service:
    """A second terminal, enrolled as it should be."""
    profile = json.loads(house.profile.read_text())
    state = house.folder.root / "state-T0098"
    if not state.exists():
        house.folder.make("state-T0098")
        profile["folders"]["state"] = str(state)
        path = house.folder.write(house.run / "T0098.json", json.dumps(profile))
        house.crew.run(house.enrolment_words(path), given=house.centre.ticket("T0098", "320507"))
    identity = json.loads((state / "identity" / "identity.json").read_text())
    context = client(identity["authority"], state / "identity" / "tls.pem", state / "identity" / "tls.key")
    return Service(house.ports["terminals"], context=context)


def test_another_terminal_cannot_deliver_what_is_not_its_own(house, honest):
    other = other_terminal(house)
    status, answer = post(other, batch("T0098", *honest))
    assert status == 200 and set(verdicts(answer)) == {("refused", "foreignTerminal")}
    status, answer = post(other, batch("T0012", *honest))
    assert status == 403 and b"verdicts" not in answer

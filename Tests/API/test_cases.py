# SPDX-License-Identifier: Apache-2.0
"""What becomes of envelopes that another implementation sealed."""

import os

import requests




def verdicts(answers: list[dict]) -> list[str]:
    return [one.get("reason", one["verdict"]) for one in answers]


def test_the_office_opens_what_was_sealed_and_the_centre_does_not(centre, filed):
    number, code = filed
    opened = requests.get(f"{centre.doors['office']}/v1/cases/{number}", headers=centre.clerk).json()
    assert opened["content"]["applicant"]["name"] == "王小明"
    assert opened["content"]["answers"] == {"note": "<b>&</b>", "agree": True, "kinds": ["a", "b"]}
    assert "claimCode" not in opened["content"]
    here = centre.doors["centre"]
    assert requests.get(f"{here}/v1/cases/{number}", headers=centre.clerk).status_code == 404
    for path in ("/v1/cases", f"/v1/cases/{number}/envelope"):
        assert "王小明" not in requests.get(here + path, headers=centre.clerk).text


def test_no_key_of_the_web_tier_opens_contents(centre):
    """Nothing that the web tier has is the office's key."""
    secret = (centre.office_data / "content.key").read_bytes().strip()
    for path in centre.data.rglob("*"):
        assert not path.is_file() or secret not in path.read_bytes(), path
    maps = f"/proc/{centre.serve.pid}/fd"
    opened = [os.readlink(f"{maps}/{one}") for one in os.listdir(maps)]
    assert not [one for one in opened if str(centre.office_data) in one]


def test_sent_again_it_is_known(sealer, deliver):
    _, envelope = sealer.application("elder_allowance")
    assert verdicts(deliver(envelope)) == ["stored"]
    assert verdicts(deliver(envelope)) == ["already"]


def test_number_and_claim_code_tell_more_than_the_number(centre, filed):
    number, code = filed
    here = centre.doors["centre"]
    state = requests.get(f"{here}/v1/progress/{number}")
    assert state.json()["state"] == "received" and "matter" not in state.json()
    again = requests.get(f"{here}/v1/progress/{number}", headers={"If-None-Match": state.headers["ETag"]})
    assert again.status_code == 304 and again.content == b""
    claimed = requests.post(f"{here}/v1/progress", json={"number": number, "claimCode": code}).json()
    assert claimed["caseNumber"] and claimed["matter"]["zh"]


def test_a_withdrawal_takes_back_and_a_correction_is_listed(centre, sealer, deliver):
    first, envelope = sealer.application("elder_allowance")
    correction, correcting = sealer.following("correction", first)
    withdrawal, withdrawing = sealer.following("withdrawal", first)
    # The order of arrival makes no difference.
    assert verdicts(deliver(withdrawing, correcting)) == ["stored", "stored"]
    assert verdicts(deliver(envelope)) == ["stored"]
    here = centre.doors["centre"]
    assert requests.get(f"{here}/v1/progress/{first}").json()["state"] == "withdrawn"
    sealed = requests.get(f"{here}/v1/cases/{first}/envelope", headers=centre.clerk).json()["case"]
    assert sealed["withdrawnBy"]["number"] == withdrawal
    assert [one["number"] for one in sealed["corrections"]] == [correction]


def test_a_withdrawal_with_another_code_changes_nothing(centre, sealer, deliver, filed):
    _, envelope = sealer.following("withdrawal", filed[0], code="00000000")
    assert verdicts(deliver(envelope)) == ["claimMismatch"]
    state = requests.get(f"{centre.doors['centre']}/v1/progress/{filed[0]}").json()["state"]
    assert state == "received"


def test_each_refused_envelope_is_a_task_until_it_is_settled(centre, sealer, deliver):
    number, envelope = sealer.application("elder_allowance")
    signature = envelope["signature"]
    envelope["signature"] = ("A" if signature[0] != "A" else "B") + signature[1:]
    assert verdicts(deliver(envelope)) == ["badSignature"]
    office = centre.session(clerk=True)
    tasks = f"{centre.doors['office']}/v1/tasks"
    open_tasks = office.get(tasks, params={"open": "true", "limit": 500}).json()["tasks"]
    task = next(one for one in open_tasks if one["number"] == number)
    assert task["owner"] and task["due"] > task["receivedAt"] and task["note"] is None
    settled = office.post(f"{tasks}/{task['row']}/settlement", json={"note": "已核对终端密钥"}).json()
    assert settled["note"] == "已核对终端密钥" and settled["settledAt"]
    again = office.post(f"{tasks}/{task['row']}/settlement", json={"note": "another"}).json()
    assert again["note"] == "已核对终端密钥"
    open_tasks = office.get(tasks, params={"open": "true", "limit": 500}).json()["tasks"]
    assert number not in [one["number"] for one in open_tasks]


def test_pages_follow_each_other(centre, sealer, deliver):
    deliver(*[sealer.application("elder_allowance")[1] for _ in range(3)])
    session = centre.session(clerk=True)
    cases = f"{centre.doors['centre']}/v1/cases"
    whole = session.get(cases, params={"limit": 500}).json()["cases"]
    numbers, cursor = [], None
    while True:
        page = session.get(cases, params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        assert len(page["cases"]) <= 2
        numbers += [one["number"] for one in page["cases"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert numbers == [one["number"] for one in whole]


def test_claim_codes_rest_after_ten_wrong_ones(centre, sealer, deliver):
    number, envelope = sealer.application("elder_allowance")
    deliver(envelope)
    here = centre.doors["centre"] + "/v1/progress"
    for _ in range(10):
        wrong = requests.post(here, json={"number": number, "claimCode": "00000000"})
        assert wrong.status_code == 403
    right = requests.post(here, json={"number": number, "claimCode": "7KQ4M2XD"})
    assert right.status_code == 429 and int(right.headers["Retry-After"]) > 0

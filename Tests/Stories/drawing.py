# SPDX-License-Identifier: Apache-2.0
"""A slip as it should be, drawn apart from the run that printed it: from what the centre opened
and the catalogue says."""

import json
from pathlib import Path

from residents import Resident
from stage.house import House
from stage.papers import Paper
from visit import MATTERS, WORDS

# The level at which a matter may be granted, by how its applicant is checked.
ASKED = {"none": "none", "id_card_face": "personChecked", "e_licence": "organisationChecked"}


def second_drawing(house: House, folder: Path, paper: Paper, who: Resident,
                   quality: str | None = None) -> bytes:
    """The dots of `paper` drawn again; with `quality` as if the clock had been so."""
    case = house.centre.case(paper.number)
    matter, content = MATTERS[who.matter], case["content"]
    names = {one["id"]: one[f"name_{who.language}"] for one in matter["materials"]}
    ways = {way: [names[one["id"]] for one in content["materials"] if one["way"] == way]
            for way in ("centreChecks", "toFollow")}
    values = folder / f"{paper.number}.json"
    house.folder.write(values, json.dumps({
        "number": paper.number, "claim": paper.claim, "matter": matter[f"name_{who.language}"],
        "isLicence": matter["task_type"] == "01", "applicantName": who.card["name"],
        "idNumber": who.card["idNumber"],
        "time": {"at": case["filedAt"], "quality": quality or case["timeQuality"]},
        "assurance": case["assurance"], "asked": ASKED[matter["auth"]["method"]],
        "provided": [WORDS[key][who.language] for key in ("slip.provided-card", "slip.provided-form")],
        "awaiting": ways["centreChecks"], "toFollow": ways["toFollow"]}, ensure_ascii=False))
    picture = folder / f"{paper.number}.pbm"
    house.ctl("slip", "draw", str(values), "--language", who.language, "--out", str(picture))
    # P4, then width and height on a line of their own, then the dots.
    return picture.read_bytes().split(b"\n", 2)[2]

# SPDX-License-Identifier: Apache-2.0
"""The first page in the product's own sentences, with any notices on it."""

import json
from pathlib import Path

from mock_terminal import load_scene

ROOT = Path(__file__).resolve().parent.parent.parent
SETTINGS = json.loads((ROOT / "Kiosk/Config/settings.sample.json").read_text("utf-8"))
WORDS = {
    key: sentence
    for file in sorted((ROOT / "Kiosk/Words").glob("*.json"))
    for key, sentence in json.loads(file.read_text("utf-8")).items()
}
BRIEF = ("receiptPrinter", "centre", "clock")


def sentences(subject):
    """Keys of all that residents may be told of a device or another part."""
    return sorted(key for key in WORDS
                  if key.startswith(f"problem.{subject}.") and key.endswith(".resident"))


def longest(subject, language):
    return max(sentences(subject), key=lambda key: len(WORDS[key][language]))


def saying(key, language):
    """A notice of the first page: of the way to the centre under a title."""
    def say(tone, icon, title, text):
        return {"say": {"tone": tone, "icon": icon, "title": title and WORDS[title][language],
                        "text": WORDS[text][language]}}
    if key == "problem.centre.unreachable.resident":
        return say("heed", "netoff", "idle.offline", "idle.offline-may")
    if key.startswith("problem.centre."):
        return say("heed", "send", "idle.held", key)
    return say("rest", "info", None, key)


def also(items, language):
    """The line for what weighs less."""
    words = WORDS["idle.also-comma"][language].join(
        WORDS[f"idle.brief-{item}"][language] for item in items)
    text = WORDS["idle.also"][language].replace("{list}", words)
    return {"say": {"tone": "rest", "icon": "info", "title": None, "text": text}}


def first_page(look, notices, card=True):
    """The scene that kioskd writes, with the sample settings, at a time that nobody vouches for."""
    language = look["language"]
    site = SETTINGS["site"]
    scene = load_scene("idle-full", **look)

    def words(key, **places):
        text = WORDS[key][language]
        for name, value in places.items():
            text = text.replace("{" + name + "}", value)
        return text

    scene["title"] = words("idle.title")
    scene["roof"] = {
        "service": words("site.service"), "site": site["name"][language], "clock": "--:--",
        "date": words("roof.time-unknown"),
        "tag": {"tone": "heed", "icon": "send", "text": words("roof.held")},
    }
    board = [
        ("clock", "hours", site["counterHours"][language]), ("phone", "phone", site["phone"]),
        ("moon", "night", words("notice.call", phone=site["nightPhone"])),
        ("pin", "nearest", site["nearest"][language]),
    ]
    scene["read"] = [
        {"notices": [{"icon": icon, "term": words(f"notice.{name}"), "text": text}
                     for icon, name, text in board]},
        {"drawing": {"name": "gate", "text": words("drawing.gate")}},
        *notices,
    ]
    if card:
        beside = max(("idle.place-card", "idle.card-lies"), key=lambda key: len(words(key)))
        scene["read"].append({"drawing": {
            "name": "cardline", "text": words("drawing.cardline"), "beside": words(beside)}})
    notes = {"apply": "apply-note-offline", "guide": "guide-note", "progress": "progress-note"}
    for tile in scene["act"][0]["tiles"]:
        tile["title"] = words(f"idle.{tile['choice']}")
        tile["text"] = words(f"idle.{notes.get(tile['choice'], 'rest-note')}")
    for button in scene["act"][1]["buttons"]:
        button["text"] = words(f"idle.{button['choice']}")
    return scene

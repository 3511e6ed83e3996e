// SPDX-License-Identifier: Apache-2.0
// The keys on the screen. `type` is called with a character or with `erase`, `clear`, `done`, and
// with the key that was pressed.

import { make, press } from "./dom.js";
import { icon } from "./svg.js";

function key(name, face, type, kind = "", label = null) {
  const button = press({ class: `key ${kind}`.trim(), "data-key": name, "aria-label": label }, ...face);
  // The typed text keeps the focus, so that its caret stays where it is.
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", () => type(name, button));
  return button;
}

/** Figures in the order of a telephone, with what else the field takes beside the nought. */
export function digitPad(field, words, type) {
  const labels = field.labels;
  const digit = (figure) => key(figure, [figure], type);
  const hole = () => make("span", { class: "hole" });
  const extra = { idNumber: "X", amount: "." }[field.keys];
  return make("div", { class: "pad", role: "group", "aria-label": words.keys },
    digit("1"), digit("2"), digit("3"),
    key("erase", [icon("erase"), labels.erase ?? ""], type, "word"),
    digit("4"), digit("5"), digit("6"),
    key("clear", [labels.clear ?? ""], type, "word"),
    digit("7"), digit("8"), digit("9"),
    key("done", [icon("next"), labels.done ?? ""], type, "word go tall"),
    extra ? digit(extra) : hole(), digit("0"), hole());
}

const letters = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
const figures = ["1234567890", "-/:()#@&“”", ".,·、。，；"];

/** Latin letters, and a second plane with figures and signs. */
export function letterBoard(field, words, type) {
  const board = make("div", { class: "keyboard", role: "group", "aria-label": words.keys });
  let plane = "letters";
  let capitals = false;
  const show = () => board.replaceChildren(...rows(plane === "letters" ? letters : figures));
  const pressed = (name, button) => {
    if (name === "letters" || name === "figures") { plane = name; capitals = false; show(); return; }
    if (name === "capitals") { capitals = !capitals; show(); return; }
    type(name === "space" ? " " : name, button);
    if (capitals && name.length === 1) { capitals = false; show(); }
  };
  const row = (...keys) => make("div", { class: "keyrow" }, ...keys);
  const single = (character) => {
    const typed = capitals ? character.toUpperCase() : character;
    return key(typed, [typed], pressed);
  };
  const rows = ([first, second, third]) => [
    row(...[...first].map(single)),
    row(...[...second].map(single)),
    row(
      plane === "letters"
        ? key("capitals", [icon("shift")], pressed, `w15${capitals ? " on" : ""}`, words.capitals)
        : key("clear", [field.labels.clear ?? ""], pressed, "word w15"),
      ...[...third].map(single),
      key("erase", [icon("erase")], pressed, "w15", field.labels.erase)),
    row(
      plane === "letters"
        ? key("figures", [field.labels.figures ?? "123"], pressed, "word w2")
        : key("letters", [field.labels.letters ?? "ABC"], pressed, "word w2"),
      plane === "letters" ? key("clear", [field.labels.clear ?? ""], pressed, "word w2") : null,
      key("space", [field.labels.space ?? ""], pressed, "word w4"),
      key("done", [icon("next"), field.labels.done ?? ""], pressed, "word go w4")),
  ];
  show();
  return board;
}

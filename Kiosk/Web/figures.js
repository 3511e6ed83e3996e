// SPDX-License-Identifier: Apache-2.0
// Figures: a number in groups, an amount, or a date in three boxes.

import { make } from "./dom.js";
import { frame } from "./entry.js";
import { digitPad } from "./keys.js";

const allowed = { digits: /^[0-9]$/, date: /^[0-9]$/, idNumber: /^[0-9X]$/, amount: /^[0-9.]$/ };
const dateSizes = [4, 2, 2];
const dateLength = 8;
/** No smaller, in pixels, however long the number is. */
const leastLetters = 34;

/** A field of figures, its pad, and what a keyboard on the table does to it. */
export class Figures {
  wide = false;
  focus = null;
  #field;
  #view;
  #value;
  #typed = make("span", { class: "typed" });
  #count = make("span", { class: "count" });
  #input;
  #changed;

  constructor(field, view) {
    this.#field = field;
    this.#view = view;
    this.#value = accept(field, "", field.value);
    this.#input = make("div", {
      class: `field ${field.keys}`, "data-field": "", role: "textbox", "aria-labelledby": "title",
      "aria-readonly": "true",
    }, this.#typed);
    const { entry, changed } = frame(field, this.#input, this.#count);
    this.entry = entry;
    this.keys = digitPad(field, view.words, (name, button) => this.#type(name, button));
    this.#changed = changed;
    this.refit();
  }

  value() {
    return this.#value;
  }

  paste(words) {
    this.#set(accept(this.#field, this.#value, words));
  }

  onKey(event) {
    const name = { Backspace: "erase", Delete: "clear", Enter: "done" }[event.key] ?? event.key;
    if (name.length > 1 && !["erase", "clear", "done"].includes(name)) return false;
    this.#type(name, name === "done" ? this.keys.querySelector(".go") : null);
    return true;
  }

  refit() {
    const { keys, limit } = this.#field;
    const { words } = this.#view;
    const dated = keys === "date";
    const pieces = dated ? dateBoxes(this.#value, words) : groups(this.#field, this.#value);
    this.#typed.replaceChildren(...pieces);
    this.#count.textContent = dated || keys === "amount" ? "" : words.typed(this.#value.length, limit);
    if (!dated) shrink(this.#input, this.#typed);
  }

  #type(name, button) {
    if (name === "done") this.#view.choose("answer", button);
    else if (name === "erase") this.#set(this.#value.slice(0, -1));
    else if (name === "clear") this.#set("");
    else this.#set(accept(this.#field, this.#value, name));
  }

  #set(value) {
    if (value === this.#value) return;
    this.#value = value;
    this.#changed();
    this.refit();
  }
}

/** `value` with those characters of `input` that the field takes. */
function accept(field, value, input) {
  const limit = field.keys === "date" ? dateLength : field.limit;
  let result = value;
  for (const character of input.normalize("NFKC").toUpperCase()) {
    if (limit > 0 && result.length >= limit) break;
    if (!allowed[field.keys].test(character)) continue;
    if (character === "." && (result.includes(".") || result === "")) continue;
    if (character === "X" && (result.includes("X") || (limit > 0 && result.length !== limit - 1))) continue;
    result += character;
  }
  return result;
}

/** Figures in groups, a caret, and in an error a place for the figure that is missing. */
function groups(field, value) {
  const pieces = [];
  let rest = value;
  for (const size of field.groups) {
    if (!rest) break;
    pieces.push(rest.slice(0, size));
    rest = rest.slice(size);
  }
  if (rest || pieces.length === 0) pieces.push(rest);
  const last = pieces.length - 1;
  const spans = pieces.flatMap((piece, index) => {
    const span = make("span", {}, piece);
    return index === 0 ? [span] : [" ", span];
  });
  if (field.limit > 0 && value.length >= field.limit) return spans;
  if (pieces[last].length === field.groups[last]) spans.push(" ");
  const caret = field.error ? "slot now" : "caret";
  return [...spans, make("span", { class: caret, "aria-hidden": "true" })];
}

/** Year, month and day in three boxes with a place for each figure. */
function dateBoxes(value, words) {
  let start = 0;
  return dateSizes.map((size, index) => {
    const part = value.slice(start, start + size);
    const here = value.length >= start && value.length < start + size;
    start += size;
    const slots = Array.from({ length: size - part.length }, (_, place) =>
      make("span", { class: here && place === 0 ? "slot now" : "slot", "aria-hidden": "true" }));
    return make("span", { class: here ? "box now" : "box" },
      make("span", {}, part), ...slots, make("span", { class: "unit" }, words.units[index]));
  });
}

/** Long numbers get smaller figures instead of a second line. */
function shrink(input, typed) {
  input.style.removeProperty("--field-size");
  if (!input.isConnected) return;
  const { fontSize, paddingLeft, paddingRight } = getComputedStyle(input);
  const room = input.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
  typed.style.setProperty("white-space", "nowrap");
  const wide = typed.scrollWidth;
  typed.style.removeProperty("white-space");
  if (wide <= room) return;
  const size = Math.max(leastLetters, Math.floor((parseFloat(fontSize) * room) / wide));
  input.style.setProperty("--field-size", `${size}px`);
}

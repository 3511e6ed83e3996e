// SPDX-License-Identifier: Apache-2.0
// Figures: a number in groups, an amount, or a date in three boxes.

import { make } from "./dom.js";
import { frame } from "./entry.js";
import { digitPad } from "./keys.js";

const allowed = { digits: /^[0-9]$/, date: /^[0-9]$/, idNumber: /^[0-9X]$/, amount: /^[0-9.]$/ };

/** Characters of `input` that the field takes after `value`. */
function accept(field, value, input) {
  const limit = field.keys === "date" ? 8 : field.limit;
  let result = value;
  for (const raw of input.normalize("NFKC").toUpperCase()) {
    if (limit > 0 && result.length >= limit) break;
    if (!allowed[field.keys].test(raw)) continue;
    if (raw === "." && (result.includes(".") || result === "")) continue;
    if (raw === "X" && (result.includes("X") || (limit > 0 && result.length !== limit - 1))) continue;
    result += raw;
  }
  return result;
}

/** A field of figures, its pad, and what a keyboard on the table does to it. */
export function figureTyping(field, view) {
  let value = accept(field, "", field.value);
  const typed = make("span", { class: "typed" });
  const input = make("div", {
    class: `field ${field.keys}`, "data-field": "", role: "textbox", "aria-labelledby": "title",
    "aria-readonly": "true",
  }, typed);
  const count = make("span", { class: "count" });
  const { entry, changed } = frame(field, input, count);
  const show = () => {
    const pieces = field.keys === "date" ? dateBoxes(value, view.words) : groups(field, value);
    typed.replaceChildren(...pieces);
    count.textContent = field.keys === "amount" || field.keys === "date" ? ""
      : view.words.typed(value.length, field.limit);
    shrink(input, typed);
  };
  const set = (next) => {
    if (next === value) return;
    value = next;
    changed();
    show();
  };
  const type = (name) => {
    if (name === "done") view.choose("answer", entry.querySelector(".go"));
    else if (name === "erase") set(value.slice(0, -1));
    else if (name === "clear") set("");
    else set(accept(field, value, name));
  };
  show();
  return {
    entry, keys: digitPad(field, view.words, type), wide: false, focus: null,
    value: () => value, paste: (words) => set(accept(field, value, words)), refit: show,
    onKey: (event) => {
      const name = { Backspace: "erase", Delete: "clear", Enter: "done" }[event.key] ?? event.key;
      if (name.length > 1 && !["erase", "clear", "done"].includes(name)) return false;
      type(name);
      return true;
    },
  };
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
  const sizes = field.groups.slice(0, pieces.length);
  const last = pieces.length - 1;
  const full = sizes.length === pieces.length && pieces[last].length === sizes[last] && value !== "";
  const ended = field.limit > 0 && value.length >= field.limit;
  const spans = pieces.flatMap((piece, index) => {
    const span = make("span", {}, piece);
    return index === 0 ? [span] : [" ", span];
  });
  if (full && !ended) spans.push(" ");
  if (!ended) spans.push(make("span", { class: field.error ? "slot now" : "caret", "aria-hidden": "true" }));
  return spans;
}

/** Year, month and day in three boxes with a place for each figure. */
function dateBoxes(value, words) {
  const sizes = [4, 2, 2];
  let start = 0;
  return sizes.map((size, index) => {
    const part = value.slice(start, start + size);
    const now = value.length >= start && (value.length < start + size || (index === 2 && value.length === 8));
    start += size;
    const slots = Array.from({ length: size - part.length }, (_, place) =>
      make("span", { class: now && place === 0 ? "slot now" : "slot", "aria-hidden": "true" }));
    return make("span", { class: now && value.length < 8 ? "box now" : "box" },
      make("span", {}, part), ...slots, make("span", { class: "unit" }, words.units[index]));
  });
}

/** Long numbers get smaller figures instead of a second line, down to a readable size. */
function shrink(input, typed) {
  input.style.removeProperty("--field-size");
  if (!input.isConnected || input.classList.contains("date")) return;
  const size = parseFloat(getComputedStyle(input).fontSize);
  const style = getComputedStyle(input);
  const room = input.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  typed.style.setProperty("white-space", "nowrap");
  const wide = typed.scrollWidth;
  typed.style.removeProperty("white-space");
  if (wide > room) input.style.setProperty("--field-size", `${Math.max(34, Math.floor(size * room / wide))}px`);
}

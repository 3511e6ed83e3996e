// SPDX-License-Identifier: Apache-2.0
// One thing to type: figures drawn in groups, a date in three boxes, or words in a real field.

import { make, text } from "./dom.js";
import { icon } from "./svg.js";
import { digitPad, letterBoard } from "./keys.js";
import { draft } from "./draft.js";

/** The entry, its keys, and `onKey` for a keyboard on the table. */
export function typing(field, view) {
  const typed = field.keys === "text" ? wordTyping(field, view) : figureTyping(field, view);
  draft.typing = typed;
  return typed;
}

/** The entry with its hint, its count and its error below. `changed` puts the error away. */
function frame(field, input, count) {
  const below = make("p", { class: "under" }, text("span", field.hint), count);
  const error = field.error && make("p", { class: "error", id: "error", role: "alert" },
    icon("wrong"), make("span", {}, field.error));
  if (field.error) {
    input.classList.add("bad");
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", "error");
  }
  const changed = () => {
    input.classList.remove("bad");
    input.removeAttribute("aria-invalid");
    if (error) error.style.setProperty("visibility", "hidden");
  };
  return { entry: make("div", { class: "entry" }, input, below, error), changed };
}

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

function figureTyping(field, view) {
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

const graphemes = new Intl.Segmenter("zh", { granularity: "grapheme" });

/** The first `limit` characters as a reader counts them. */
function cut(words, limit) {
  if (limit <= 0 || words.length <= limit) return words;
  let end = 0;
  let count = 0;
  for (const piece of graphemes.segment(words)) {
    if (count === limit) break;
    count += 1;
    end = piece.index + piece.segment.length;
  }
  return words.slice(0, end);
}

function length(words) {
  return words.length > 2000 ? [...words].length : [...graphemes.segment(words)].length;
}

function wordTyping(field, view) {
  const area = make("textarea", {
    class: "field text", "data-field": "", rows: 2, autocomplete: "off", autocorrect: "off",
    autocapitalize: "off", spellcheck: "false", inputmode: "none", "aria-labelledby": "title",
  });
  area.value = cut(field.value, field.limit);
  const count = make("span", { class: "count" });
  const { entry, changed } = frame(field, area, count);
  let composing = false;
  let height = 0;
  const sync = () => {
    if (composing) return;
    const plain = cut(area.value.replace(/\s*[\r\n]+\s*/g, " "), field.limit);
    if (plain !== area.value) {
      const end = Math.min(area.selectionEnd, plain.length);
      area.value = plain;
      area.setSelectionRange(end, end);
    }
    count.textContent = field.limit > 0 ? view.words.letters(length(plain), field.limit) : "";
    if (area.clientHeight !== height) { height = area.clientHeight; view.refit(); }
  };
  area.addEventListener("compositionstart", () => { composing = true; });
  area.addEventListener("compositionend", () => { composing = false; sync(); });
  area.addEventListener("input", () => { changed(); sync(); });
  const put = (words) => {
    area.setRangeText(words, area.selectionStart, area.selectionEnd, "end");
    changed();
    sync();
    area.scrollTop = area.scrollHeight;
  };
  const erase = () => {
    if (area.selectionStart === area.selectionEnd) {
      const before = [...graphemes.segment(area.value.slice(0, area.selectionStart))].at(-1);
      if (!before) return;
      area.setSelectionRange(before.index, area.selectionEnd);
    }
    put("");
  };
  const type = (name) => {
    if (name === "done") view.choose("answer", entry.querySelector(".go"));
    else if (name === "erase") erase();
    else if (name === "clear") { area.value = ""; changed(); sync(); }
    else put(name);
  };
  sync();
  return {
    entry, keys: letterBoard(field, view.words, type), wide: true, focus: area,
    value: () => area.value, paste: null, refit: () => { height = area.clientHeight; },
    onKey: (event) => {
      if (event.isComposing || composing || event.keyCode === 229) return false;
      if (event.key === "Enter") { type("done"); return true; }
      return false;
    },
  };
}

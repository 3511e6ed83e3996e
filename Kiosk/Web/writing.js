// SPDX-License-Identifier: Apache-2.0
// Words: a real text field, so that any keyboard and any input method works.

import { make } from "./dom.js";
import { frame } from "./entry.js";
import { letterBoard } from "./keys.js";

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

/** A field of words, its letters, and what a keyboard on the table does to it. */
export class Writing {
  wide = true;
  paste = null;
  #field;
  #view;
  #area = make("textarea", {
    class: "field text", "data-field": "", rows: 2, autocomplete: "off", autocorrect: "off",
    autocapitalize: "off", spellcheck: "false", inputmode: "none", "aria-labelledby": "title",
  });
  #count = make("span", { class: "count" });
  #changed;
  #composing = false;
  #height = 0;

  constructor(field, view) {
    this.#field = field;
    this.#view = view;
    this.#area.value = field.value;
    const { entry, changed } = frame(field, this.#area, this.#count);
    this.entry = entry;
    this.keys = letterBoard(field, view.words, (name, button) => this.#type(name, button));
    this.focus = this.#area;
    this.#changed = changed;
    this.#area.addEventListener("compositionstart", () => { this.#composing = true; });
    this.#area.addEventListener("compositionend", () => { this.#composing = false; this.#sync(); });
    this.#area.addEventListener("input", () => { changed(); this.#sync(); });
    this.#sync();
  }

  value() {
    return this.#area.value;
  }

  refit() {
    this.#height = this.#area.clientHeight;
  }

  /** Enter is the same as `done`, but not while an input method is composing with it. */
  onKey(event) {
    if (event.isComposing || this.#composing || event.keyCode === 229) return false;
    if (event.key !== "Enter") return false;
    this.#type("done", this.keys.querySelector(".go"));
    return true;
  }

  #type(name, button) {
    if (name === "done") this.#view.choose("answer", button);
    else if (name === "erase") this.#erase();
    else if (name === "clear") { this.#area.select(); this.#put(""); }
    else this.#put(name);
  }

  #put(words) {
    this.#area.setRangeText(words, this.#area.selectionStart, this.#area.selectionEnd, "end");
    this.#changed();
    this.#sync();
    this.#area.scrollTop = this.#area.scrollHeight;
  }

  #erase() {
    const { selectionStart, selectionEnd, value } = this.#area;
    if (selectionStart === selectionEnd) {
      const before = [...graphemes.segment(value.slice(0, selectionStart))].at(-1);
      if (!before) return;
      this.#area.setSelectionRange(before.index, selectionEnd);
    }
    this.#put("");
  }

  /** One line, no longer than the limit; the scene is fitted again when the field grew. */
  #sync() {
    if (this.#composing) return;
    const { limit } = this.#field;
    const words = cut(this.#area.value.replace(/\s*[\r\n]+\s*/g, " "), limit);
    if (words !== this.#area.value) {
      const caret = Math.min(this.#area.selectionEnd, words.length);
      this.#area.value = words;
      this.#area.setSelectionRange(caret, caret);
    }
    if (limit > 0) {
      this.#count.textContent = this.#view.words.letters([...graphemes.segment(words)].length, limit);
    }
    if (this.#area.clientHeight === this.#height) return;
    this.#height = this.#area.clientHeight;
    this.#view.refit();
  }
}

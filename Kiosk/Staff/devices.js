// SPDX-License-Identifier: Apache-2.0
// The list of devices. Its rows stay while their words change, so that a finger on its way to
// a button always finds the button it saw.

import { make, press } from "/assets/dom.js";
import { icon } from "/assets/svg.js";
import { either, moment, say } from "./say.js";

const pictures = { reader: "card", receiptPrinter: "slip", scanner: "scan" };
const looks = {
  ready: ["ok", "okay"], attention: ["heed", "heed"], failed: ["wrong", "wrong"],
  absent: ["rest", "none"], starting: ["rest", "timer"], unknown: ["rest", "none"],
};
/** A restart that has shown nothing for so long is no longer called one. */
const longest = 40_000;
/** So long it is shown at least: nobody sees a word that stands for a blink. */
const shortest = 900;
/** When it takes longer than this, the page says what it may wait for. */
const brief = 2500;

/** The colour of a state. */
export function look(state = "unknown") {
  return looks[state][0];
}

export function tag(state = "unknown") {
  return make("span", { class: `tag ${look(state)}` }, icon(looks[state][1]), say(`staff.state.${state}`));
}

export class Device {
  #restart = null;
  /** The beginning of the state in which the last restart ended, while that is told. */
  #told;

  /** `order` asks the terminal for a restart; true when it took it. */
  constructor(line, order) {
    this.order = order;
    this.words = make("div", { class: "words" });
    this.mark = make("div", { class: "mark" });
    this.trouble = make("p", { class: "trouble" });
    this.button = press({ class: "btn", "data-restart": line.place });
    this.note = make("p", { class: "note", role: "status" });
    this.button.addEventListener("click", () => this.#press());
    this.element = make("li", { class: "device", "data-place": line.place },
      icon(pictures[line.place.split(".")[0]] ?? "cable", "l"), this.words, this.mark, this.trouble,
      make("div", { class: "do" }, this.button, this.note));
  }

  show(line, now) {
    this.line = line;
    const name = make("h3", {}, either(line.name), this.#which());
    const facts = [line.model ? say("staff.model", { model: line.model }) : say("staff.noModel")];
    if (line.since !== undefined) facts.unshift(say("staff.since", { time: moment(line.since, now) }));
    this.words.replaceChildren(name, make("p", { class: "facts" }, facts.join(" · ")));
    this.mark.replaceChildren(tag(line.state));
    this.trouble.textContent = either(line.sentence);
    this.trouble.className = `trouble ${look(line.state)}`;
    this.trouble.hidden = !line.sentence;
    this.element.dataset.state = line.state ?? "unknown";
    this.#showRestart(line);
  }

  /** The second word of a place's name, where there are several of a kind. */
  #which() {
    const word = this.line.place.split(".")[1];
    return word ? make("small", {}, ` ${word}`) : null;
  }

  async #press() {
    if (this.#restart) return;
    this.#restart = { at: performance.now(), since: this.line.since };
    this.note.textContent = "";
    this.#showRestart(this.line);
    if (await this.order(this.line.place)) return;
    this.#restart = null;
    this.note.textContent = say("staff.restartLost");
    this.#showRestart(this.line);
  }

  /** How a restart ended; put away once that is no longer so. */
  #tell(line) {
    this.#told = line?.since;
    const key = line?.problem ? "staff.restartedVain" : "staff.restarted";
    this.note.textContent = line ? say(key, { state: say(`staff.state.${line.state}`) }) : "";
  }

  #showRestart(line) {
    if (this.#restart) {
      const age = performance.now() - this.#restart.at;
      const isOver = line.since !== this.#restart.since && line.state !== "starting" && age > shortest;
      this.note.textContent = age > brief ? say("staff.restartWaits") : "";
      if (isOver) this.#tell(line);
      if (isOver || age > longest) this.#restart = null;
    } else if (this.#told !== undefined && this.#told !== line.since) {
      this.#tell(null);
    }
    const rests = Boolean(this.#restart);
    this.button.classList.toggle("rest", rests);
    this.button.setAttribute("aria-disabled", String(rests));
    const which = [either(line.name), ...line.place.split(".").slice(1)].join(" ");
    const words = say(rests ? "staff.restarting" : "staff.restart");
    const label = rests ? `${words} ${which}` : say("staff.restartNamed", { name: which });
    this.button.setAttribute("aria-label", label);
    this.button.replaceChildren(icon(rests ? "timer" : "again"), make("span", {}, words));
  }
}

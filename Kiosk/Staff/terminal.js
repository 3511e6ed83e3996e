// SPDX-License-Identifier: Apache-2.0
// The line to the terminal: its state again and again, and restarts.

const between = 1000;
/** After an order its effect is looked for more often. */
const hurried = 200;
const hurry = 8000;
/** A terminal that has not answered for so long is said to be lost. */
const patience = 3000;

export class Terminal {
  #token;
  #wake = () => {};
  #hurriedUntil = 0;
  #heardAt = performance.now();

  /** `heard` is told `state`, `lost` and `refused`. */
  constructor(token, heard) {
    this.#token = token;
    this.heard = heard;
  }

  /** Looks as long as the page is open; rests while nobody can see it. */
  async watch() {
    document.addEventListener("visibilitychange", () => this.#wake());
    for (;;) {
      if (!document.hidden && !(await this.#look())) return;
      const pause = performance.now() < this.#hurriedUntil ? hurried : between;
      await new Promise((wake) => {
        this.#wake = wake;
        setTimeout(wake, pause);
      });
    }
  }

  /** True when the terminal took the order. */
  async restart(place) {
    this.#hurriedUntil = performance.now() + hurry;
    try {
      const answer = await this.#ask(`/devices/${encodeURIComponent(place)}/restart`, "POST");
      return answer.ok;
    } catch {
      return false;
    } finally {
      this.#wake();
    }
  }

  /** False when there is no more use in asking. */
  async #look() {
    try {
      const answer = await this.#ask("/state", "GET");
      if (answer.status === 401 || answer.status === 403) {
        this.heard.refused();
        return false;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const state = await answer.json();
      this.#heardAt = performance.now();
      this.heard.state(state);
    } catch {
      // No answer is the expected case while the terminal starts anew: told, and tried again.
      if (performance.now() - this.#heardAt > patience) this.heard.lost();
    }
    return true;
  }

  #ask(path, method) {
    return fetch(path, {
      method, cache: "no-store", headers: { Authorization: `Bearer ${this.#token}` },
      signal: AbortSignal.timeout(5000),
    });
  }
}

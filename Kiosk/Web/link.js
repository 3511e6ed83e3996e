// SPDX-License-Identifier: Apache-2.0
// The line to the terminal: scenes come as a stream of events, choices go back one by one.

const backOff = [200, 400, 800, 1400, 2000];
/** Longer than several heartbeats; then the line is taken for dead. */
const silence = 60_000;

/** Lines of a stream of server-sent events, as `{event, data}`. */
async function* events(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let event = "message";
  let data = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split(/\r\n|\n|\r/);
    rest = lines.pop();
    yield null;
    for (const line of lines) {
      if (line === "") {
        if (data.length > 0) yield { event, data: data.join("\n") };
        event = "message";
        data = [];
      } else if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
      else if (line.startsWith("event:")) event = line.slice(6).trim();
    }
  }
}

export class Link {
  #token;
  #page = crypto.randomUUID();
  #ended = false;
  #abort = null;

  /** `heard` is told `scene`, `replaced`, `lost` and `refused`. */
  constructor(token, heard) {
    this.#token = token;
    this.heard = heard;
  }

  end() {
    this.#ended = true;
    this.#abort?.abort();
  }

  async listen() {
    for (let tries = 0; !this.#ended; tries += 1) {
      try {
        if (await this.#stream()) tries = 0;
      } catch {
        // A broken line is the expected case: it is told below and tried again.
      }
      if (this.#ended) return;
      this.heard.lost();
      await new Promise((wake) => setTimeout(wake, backOff[Math.min(tries, backOff.length - 1)]));
    }
  }

  /** Reads scenes until the stream ends; true when at least one came. */
  async #stream() {
    this.#abort = new AbortController();
    const abort = this.#abort;
    let watch = setTimeout(() => abort.abort(), silence);
    let came = false;
    try {
      const answer = await fetch(`/scenes?page=${this.#page}`, {
        headers: { Authorization: `Bearer ${this.#token}`, Accept: "text/event-stream" },
        cache: "no-store", signal: abort.signal,
      });
      if (this.#refused(answer) || !answer.ok || !answer.body) return false;
      for await (const message of events(answer.body)) {
        clearTimeout(watch);
        watch = setTimeout(() => abort.abort(), silence);
        if (!message || this.#ended) continue;
        if (message.event === "replaced") {
          this.end();
          this.heard.replaced(JSON.parse(message.data));
          return came;
        }
        came = true;
        this.#tell(message.data);
      }
      return came;
    } finally {
      clearTimeout(watch);
    }
  }

  /** A fault in drawing is the page's own and no reason to call the line lost. */
  #tell(data) {
    try {
      this.heard.scene(JSON.parse(data), data);
    } catch (fault) {
      reportError(fault);
    }
  }

  /** True when the terminal took it. */
  async choose(choice) {
    return this.#post("/choices", choice);
  }

  async drawn(scene) {
    return this.#post("/drawn", { scene });
  }

  async #post(path, body) {
    try {
      const answer = await fetch(path, {
        method: "POST", body: JSON.stringify(body), cache: "no-store",
        headers: { Authorization: `Bearer ${this.#token}`, "Content-Type": "application/json" },
      });
      return !this.#refused(answer) && answer.ok;
    } catch {
      return false;
    }
  }

  #refused(answer) {
    if (answer.status !== 401 && answer.status !== 403) return false;
    if (!this.#ended) {
      this.end();
      this.heard.refused();
    }
    return true;
  }
}

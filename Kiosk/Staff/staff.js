// SPDX-License-Identifier: Apache-2.0
// Draws what the terminal says of itself, and hands restarts on. Keeps nothing.

import { make, press, text } from "/assets/dom.js";
import { icon, loadPictures } from "/assets/svg.js";
import { Device, look, tag } from "./devices.js";
import { clock, day, either, loadWords, moment, say, showLanguage, turnLanguage } from "./say.js";
import { Terminal } from "./terminal.js";

const pictures = {
  centre: "net", ledger: "book", catalogue: "folder", settings: "tool", shelves: "folder", clock: "clock",
  systemClock: "clock", certificate: "lock", outbox: "send", audit: "sheet",
};
const page = document.getElementById("page");
const roof = document.querySelector(".eave");
const devices = new Map();
const list = make("ul", { class: "devices" });
const summary = make("div", { class: "summary", role: "status" });
const lost = make("p", { class: "lost", role: "alert", hidden: true });
const papers = make("section", { class: "papers" });
const parts = make("section", { class: "parts" });
const heading = make("h2");
const site = make("p", { class: "site" });
const now = make("p");
const other = press({ class: "language" });
let last = null;

other.addEventListener("click", () => {
  turnLanguage();
  show(last);
});

function isTrouble(line) {
  return line.problem !== undefined;
}

function showRoof(view) {
  other.lang = document.documentElement.lang === "en" ? "zh-CN" : "en";
  other.replaceChildren(icon("globe"), make("span", {}, say("staff.language")));
  site.replaceChildren(make("span", {}, say("staff.only")), make("b", {}, either(view.site)),
    make("span", {}, either(view.terminal)));
  now.replaceChildren(make("b", {}, clock(view.at)), make("span", {}, day(view.at)));
  if (!other.isConnected) roof.replaceChildren(site, make("div", { class: "now" }, now, other));
}

function showSummary(view) {
  const count = [...view.devices, ...view.parts].filter(isTrouble).length;
  const kind = count === 0 ? "well" : "troubles";
  summary.className = `summary ${count === 0 ? "ok" : "heed"}`;
  const places = { count: String(count) };
  const title = say(`staff.${kind}Title`, places);
  if (summary.querySelector("h1")?.textContent === title) return;
  summary.replaceChildren(icon(count === 0 ? "okay" : "heed", "l"),
    make("div", {}, make("h1", {}, title), make("p", {}, say(`staff.${kind}Text`))));
}

function showDevices(view) {
  for (const line of view.devices) {
    if (!devices.has(line.place)) {
      const device = new Device(line, (place) => terminal.restart(place));
      devices.set(line.place, device);
      list.append(device.element);
    }
    devices.get(line.place).show(line, view.at);
  }
}

function count(name, value) {
  const bad = name === "refused" && value > 0 ? "wrong" : name === "untold" && value > 0 ? "heed" : null;
  return make("div", { class: bad, "data-count": name },
    make("dt", {}, bad ? icon(bad) : null, say(`staff.count.${name}`)), make("dd", {}, String(value)));
}

function showPapers(view) {
  const kind = { enough: "ok", low: "heed", out: "wrong" }[view.paper] ?? "rest";
  const picture = { ok: "okay", heed: "heed", wrong: "wrong", rest: "none" }[kind];
  const paper = make("p", { class: "paper" }, icon("slip"), make("b", {}, say("staff.paper")),
    make("span", { class: `tag ${kind}` }, icon(picture), say(`staff.paper.${view.paper ?? "unknown"}`)));
  const counts = view.counts
    ? make("dl", { class: "counts" },
      ...["waiting", "sent", "refused", "untold"].map((name) => count(name, view.counts[name])))
    : text("p", say("staff.noCounts"), { class: "note" });
  papers.replaceChildren(make("h2", {}, say("staff.papers")), counts, paper);
}

function part(line, now) {
  const facts = line.since !== undefined && say("staff.since", { time: moment(line.since, now) });
  return make("li", { "data-part": line.place, "data-problem": line.problem },
    icon(pictures[line.place] ?? "info"),
    make("div", {}, make("h3", {}, either(line.name)), text("p", facts, { class: "facts" })),
    tag(line.state), text("p", either(line.sentence), { class: `trouble ${look(line.state)}` }));
}

/** What somebody should look at stands first. */
function showParts(view) {
  const lines = [...view.parts.filter(isTrouble), ...view.parts.filter((line) => !isTrouble(line))];
  parts.replaceChildren(make("h2", {}, say("staff.parts")),
    make("ul", {}, ...lines.map((line) => part(line, view.at))),
    make("p", { class: "note" }, say("staff.updated", { time: clock(view.at) })));
}

function show(view) {
  if (!view) return;
  last = view;
  showLanguage();
  lost.hidden = true;
  showRoof(view);
  showSummary(view);
  heading.textContent = say("staff.devices");
  showDevices(view);
  showPapers(view);
  showParts(view);
  page.removeAttribute("aria-busy");
  if (!list.isConnected) {
    page.replaceChildren(lost, summary, make("section", { class: "main" }, heading, list), papers, parts);
  }
}

/** Only what changed is drawn anew: a finger or a reader may be on the rest. */
function changed(view) {
  const plain = (one) => JSON.stringify({ ...one, at: one && Math.floor(one.at / 60_000) });
  return lost.hidden === false || plain(view) !== plain(last);
}

const terminal = new Terminal(location.hash.slice(1), {
  state(view) {
    if (changed(view)) show(view);
    else for (const line of view.devices) devices.get(line.place)?.show(line, view.at);
  },
  lost() {
    lost.hidden = false;
    lost.textContent = say("staff.lost");
    if (!lost.isConnected) page.replaceChildren(lost);
  },
  refused() {
    page.replaceChildren(make("div", { class: "refused", role: "alert" }, icon("lock", "l"),
      make("h1", {}, say("staff.refusedTitle")), make("p", {}, say("staff.refusedText"))));
  },
});

await Promise.all([loadPictures(), loadWords()]);
showLanguage();
terminal.watch();

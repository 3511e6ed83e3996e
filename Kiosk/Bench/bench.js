// SPDX-License-Identifier: Apache-2.0

import { ask, order } from "./api.js";
import { english, icon, make } from "./dom.js";
import { showPapers } from "./papers.js";
import { notes, persons } from "./persons.js";
import { watchScreen } from "./screen.js";

const at = (id) => document.getElementById(id);
let papersSeen = null;

/** What is pressed shows the state that the simulators report, never the wish. */
async function give(what, body) {
  try {
    draw(await order(what, body));
  } catch {
    await look();
  }
}

function drawCards() {
  persons.forEach((person, index) => {
    const [chinese, foreign] = notes[index];
    const button = make(
      "button", { class: "idcard", "data-number": person.idNumber }, icon("person"),
      make("span", {}, make("b", {}, person.name), make("i", {}, `${chinese} `, english(foreign))),
      make("code", {}, person.idNumber));
    button.addEventListener("click", () => give("card", { put: person }));
    at("cards").append(make("li", {}, button));
  });
}

function drawReader({ card, cardNumber }) {
  const person = persons.find(({ idNumber }) => idNumber === cardNumber);
  at("pad").classList.toggle("lit", card);
  for (const button of document.querySelectorAll(".idcard")) {
    button.setAttribute("aria-pressed", String(button.dataset.number === cardNumber));
  }
  if (at("pad").dataset.card === String(cardNumber ?? card)) return;
  at("pad").dataset.card = String(cardNumber ?? card);
  if (!card) {
    at("pad").replaceChildren(make(
      "p", {}, make("b", {}, "感应区空着"), english("Nothing lies there. Put a card on.", "small")));
    return;
  }
  const off = make("button", { class: "off" }, "取走", english("Take off", "small"));
  off.addEventListener("click", () => give("card", { take: true }));
  at("pad").replaceChildren(
    make("p", {}, make("b", {}, person?.name ?? "一张卡"), "放在感应区 ", english("lies there", "small")),
    off);
}

const wireWords = {
  through: ["中心可以连到。", "The centre can be reached."],
  cut: ["网络断了；申报先存在终端里。", "Cut: applications wait in the terminal."],
  halfOpen: ["申报到得了中心，回答回不来。", "Requests arrive, no answer comes back."],
  blackHole: ["接得上，可什么都过不去。", "Connections are taken, nothing passes."],
  loseNextAnswer: ["中心收到下一批后，回答会丢。", "The next batch arrives, its answer is lost."],
};

function printerWords({ paper, cover, holding, buffered, uncut }) {
  const waits = buffered > 0 ? `，存着 ${buffered} 字节，恢复后会打出来` : "";
  const held = buffered > 0 ? `; ${buffered} bytes wait and will print` : "";
  if (cover === "open") return ["wrong", `盖开着${waits}。`, `The cover is open${held}.`];
  if (paper === "out") return ["wrong", `没有纸${waits}。`, `No paper${held}.`];
  if (holding) return ["heed", "状态回答被扣住。", "Status answers are held back."];
  if (uncut > 0) return ["heed", "有一截纸还没有切。", "Some paper is not cut yet."];
  if (paper === "nearEnd") return ["heed", "纸快用完了，还能打。", "Near the end, still prints."];
  return ["", "可以打印。", "Ready."];
}

function say(place, kind, chinese, foreign) {
  if (place.textContent === chinese + foreign) return;
  place.className = `fact ${kind}`;
  place.replaceChildren(make("b", {}, chinese), english(foreign));
}

function draw(state) {
  drawReader(state);
  const { network, printer } = state;
  const now = { mode: network.mode, paper: printer.paper, cover: printer.cover };
  for (const button of document.querySelectorAll("[data-order]")) {
    const { key, word } = button.dataset;
    button.setAttribute("aria-pressed", String(now[key] === word));
  }
  at("wire").className = `wire ${network.mode}`;
  const kind = {
    through: "", cut: "wrong", halfOpen: "wrong", blackHole: "wrong", loseNextAnswer: "heed",
  }[network.mode];
  say(at("wire-words"), kind, ...wireWords[network.mode]);
  const [trouble, chinese, foreign] = printerWords(printer);
  say(at("printer-words"), trouble, chinese, foreign);
  at("machine").className = `machine ${trouble === "wrong" ? "rests" : trouble}`;
  if (papersSeen === printer.papers) return;
  papersSeen = printer.papers;
  showPapers().catch(() => { papersSeen = null; });
}

async function look() {
  try {
    draw(await ask("state"));
    await watchScreen();
    at("silent").hidden = true;
  } catch {
    at("silent").hidden = false;
  }
}

async function watch() {
  await look();
  setTimeout(watch, 1000);
}

for (const button of document.querySelectorAll("[data-order]")) {
  const { order: what, key, word } = button.dataset;
  button.addEventListener("click", () => give(what, { [key]: word }));
}
drawCards();
watch();

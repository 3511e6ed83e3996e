// SPDX-License-Identifier: Apache-2.0
// The page draws scenes and returns choices. It keeps nothing: no storage, no history, and
// what was typed goes with the scene.

import { chime } from "./chime.js";
import { choiceFor, clearDraft, draft } from "./draft.js";
import { coverFor, coverReplaced, uncover } from "./cover.js";
import { drawBase, drawRoof } from "./draw.js";
import { fit, fitFrame, scale } from "./fit.js";
import { Link } from "./link.js";
import { closeSheet } from "./sheet.js";
import { loadPictures } from "./svg.js";
import { drawWall } from "./wall.js";
import { words } from "./words.js";

const roof = document.querySelector(".eave");
const wall = document.querySelector("main");
const base = document.querySelector(".base");
const spoken = document.getElementById("spoken");
const token = location.hash.slice(1);

/** A tap shuts the page for this long, unless a new scene opens it earlier. */
const shut = 1500;
/** A line that is back within this time is not spoken of. */
const patience = 500;

/** After so long without a further key the terminal hears what stands in the field. */
const settled = 300;

let scene = null;
/** The scene as it came. The same text again is the same picture; an id alone may be given anew. */
let received = null;
let visit = null;
let sent = null;
let notice = null;

const link = new Link(token, {
  scene: show,
  lost: () => { notice ??= setTimeout(() => coverFor("lost"), patience); },
  refused: () => { clearTimeout(notice); coverFor("refused"); },
  replaced: (message) => { clearTimeout(notice); coverReplaced(message); },
});

function connected() {
  clearTimeout(notice);
  notice = null;
  uncover();
}

/** After a visit the page goes to the other loopback name, which ends its renderer process. */
function leave() {
  link.end();
  clearDraft();
  const other = { "127.0.0.1": "localhost", localhost: "127.0.0.1" }[location.hostname];
  if (other) location.replace(`http://${other}:${location.port}/#${token}`);
  else location.reload();
}

function open() {
  return sent === null;
}

function release() {
  if (!sent) return;
  clearTimeout(sent.timer);
  sent.button?.classList.remove("pressed");
  sent = null;
}

async function choose(name, button) {
  if (!open() || !scene) return;
  settle();
  sent = { button, timer: setTimeout(release, shut) };
  button?.classList.add("pressed");
  const mine = sent;
  const taken = await link.choose(choiceFor(scene, name));
  if (!taken && sent === mine) release();
}

/** A scene that is drawn anew, in the other language or after a warning, gives it back. */
let settling = null;
draft.changed = () => {
  settle();
  settling = setTimeout(() => {
    settling = null;
    if (open() && scene) link.choose(choiceFor(scene, "typing"));
  }, settled);
};

/** True when something was typed or chosen that the terminal has not heard of yet. */
function settle() {
  const untold = settling !== null;
  clearTimeout(settling);
  settling = null;
  return untold;
}

/** The same question drawn anew keeps what was typed since; for another scene it is told first. */
function carryOver(next, fresh) {
  if (!settle() || !scene) return false;
  const given = choiceFor(scene, "typing");
  if (fresh) {
    link.choose(given);
    return false;
  }
  for (const part of [...next.read, ...next.body, ...next.act]) {
    if (part.field) part.field.value = given.value ?? part.field.value;
    for (const option of part.options?.options ?? []) {
      option.chosen = given.values?.includes(option.value) ?? option.chosen;
    }
  }
  return true;
}

function drawn(id) {
  requestAnimationFrame(() => requestAnimationFrame(() => {
    if (scene?.id === id) link.drawn(id);
  }));
}

function show(next, text) {
  visit ??= next.visit;
  if (next.visit !== visit) { leave(); return; }
  connected();
  if (received !== text) draw(next);
  received = text;
  drawn(next.id);
}

function draw(next) {
  const fresh = scene?.name !== next.name || scene?.title !== next.title;
  release();
  const carried = carryOver(next, fresh);
  clearDraft();
  closeSheet();
  scene = next;
  if (fresh && next.chimes) chime();
  const root = document.documentElement;
  root.lang = next.look.language === "en" ? "en" : "zh-CN";
  root.toggleAttribute("data-size", false);
  if (next.look.elder) root.dataset.size = "elder";
  root.toggleAttribute("data-contrast", false);
  if (next.look.contrast) root.dataset.contrast = "high";
  document.title = next.roof.service;
  const view = { scene: next, words: words[next.look.language] ?? words.zh, choose, open, refit };
  const drawnWall = drawWall(next, view);
  roof.replaceChildren(...drawRoof(next.roof));
  base.replaceChildren(...drawBase(next.base, view));
  base.setAttribute("aria-label", view.words.base);
  wall.className = drawnWall.classes;
  wall.classList.toggle("arrives", fresh);
  wall.dataset.scene = next.name;
  wall.dataset.sceneId = String(next.id);
  wall.replaceChildren(...drawnWall.zones);
  refit();
  (draft.typing?.focus ?? drawnWall.title).focus({ preventScroll: true });
  spoken.textContent = next.spoken;
  if (carried) draft.changed();
}

function refit() {
  if (!scene) return;
  scale();
  fitFrame(roof, base);
  draft.typing?.refit();
  if (wall.children.length === 3) fit(wall, words[scene.look.language] ?? words.zh);
}

/** A keyboard on the table types into the field; Enter there is the same as `done`. */
function onKey(event) {
  if (!draft.typing || !open() || event.ctrlKey || event.altKey || event.metaKey) return;
  const onButton = document.activeElement?.matches("button:focus-visible");
  if (onButton && (event.key === "Enter" || event.key === " ")) return;
  if (draft.typing.onKey(event)) event.preventDefault();
  else if (draft.typing.focus && !onButton) draft.typing.focus.focus({ preventScroll: true });
}

/** The second of two quick taps belongs to the first, even when the next scene is already there. */
function onClick(event) {
  if (event.detail < 2) return;
  if (!event.target.closest('[data-choice]:not([data-choice^="page:"]), [data-key="done"]')) return;
  event.stopImmediatePropagation();
  event.preventDefault();
}

function onPaste(event) {
  if (!draft.typing?.paste) return;
  draft.typing.paste(event.clipboardData?.getData("text") ?? "");
  event.preventDefault();
}

document.addEventListener("click", onClick, { capture: true });
document.addEventListener("keydown", onKey);
document.addEventListener("paste", onPaste);
addEventListener("resize", refit);
for (const name of ["contextmenu", "dragstart", "drop"]) {
  document.addEventListener(name, (event) => event.preventDefault());
}
document.addEventListener("wheel", (event) => {
  if (event.ctrlKey) event.preventDefault();
}, { passive: false });

scale();
await Promise.allSettled([loadPictures(), document.fonts.ready]);
link.listen();

// SPDX-License-Identifier: Apache-2.0

import { ask } from "./api.js";
import { make } from "./dom.js";

const kiosk = document.getElementById("kiosk");
const glass = document.getElementById("glass");
const dark = glass.querySelector(".dark");
let shown = null;

/** The terminal's screen is always 1080 × 1920; only its picture is made smaller. */
function fit() {
  const foot = kiosk.querySelector(".foot").offsetHeight + 8;
  const room = Math.min(
    (kiosk.clientHeight - foot - 24) / 1920, (kiosk.clientWidth - 24) / 1080);
  glass.style.setProperty("--scale", Math.max(0.1, room).toFixed(4));
}

function show(url) {
  glass.querySelector("iframe")?.remove();
  shown = url;
  dark.hidden = url !== null;
  if (url === null) return;
  glass.append(make("iframe", {
    src: url, title: "居民看到的屏幕 What the resident sees", referrerpolicy: "no-referrer",
  }));
}

/** A page already shown finds its own way back to a restarted terminal; a new token, as
    after a boot, needs a new page. */
export async function watchScreen() {
  const { url } = await ask("screen");
  if (url && url !== shown) show(url);
}

new ResizeObserver(fit).observe(kiosk);
document.getElementById("reload").addEventListener("click", async () => {
  show(null);
  await watchScreen();
});

// SPDX-License-Identifier: Apache-2.0
// Icons, drawings and codes.

const space = "http://www.w3.org/2000/svg";
let drawings = null;

function node(tag, attributes = {}) {
  const element = document.createElementNS(space, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

async function asset(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(path);
  return new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
}

/** Takes the icons into the page, so that a scene is never drawn without them. */
export async function loadPictures() {
  const [icons, pictures] = await Promise.all([
    asset("/assets/icons.svg"), asset("/assets/drawings.svg"),
  ]);
  document.getElementById("sprite").replaceChildren(document.importNode(icons, true));
  drawings = pictures;
}

/** An icon by its name in icons.svg; always beside a word, so hidden from readers. */
export function icon(name, kind = "") {
  const picture = node("svg", { class: `i ${kind}`.trim(), viewBox: "0 0 48 48", "aria-hidden": "true" });
  picture.append(node("use", { href: `#i-${name}` }));
  return picture;
}

/** A drawing by name with its labels in the scene's words; null when the page has none. */
export function drawing(name, description, labels, kind = "") {
  const found = drawings?.querySelector(`#d-${CSS.escape(name)}`);
  if (!found) return null;
  const picture = document.importNode(found, true);
  picture.removeAttribute("id");
  picture.setAttribute("class", `draw d-${name} ${kind}`.trim());
  if (description) {
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", description);
  } else {
    picture.setAttribute("aria-hidden", "true");
  }
  for (const label of picture.querySelectorAll("[data-word]")) {
    label.textContent = labels[label.getAttribute("data-word")] ?? "";
  }
  return picture;
}

export function hasDrawing(name) {
  return Boolean(drawings?.querySelector(`#d-${CSS.escape(name)}`));
}

/** A QR code from rows of 0 and 1, on white with a quiet zone of four modules. */
export function code(rows, description) {
  const quiet = 4;
  const side = rows.length + 2 * quiet;
  const runs = rows.flatMap((row, y) =>
    [...row.matchAll(/1+/g)].map((run) => {
      const width = run[0].length;
      return `M${run.index + quiet} ${y + quiet}h${width}v1h-${width}z`;
    }));
  const picture = node("svg", {
    class: "qr", viewBox: `0 0 ${side} ${side}`, width: side, height: side, role: "img",
    "aria-label": description,
  });
  picture.style.setProperty("--modules", String(side));
  picture.append(node("rect", { width: side, height: side }), node("path", { d: runs.join("") }));
  return picture;
}

/** The ring of a countdown; `share` of it is left. */
export function ring() {
  const radius = 142;
  const circumference = 2 * Math.PI * radius;
  const picture = node("svg", { viewBox: "0 0 320 320", "aria-hidden": "true" });
  const left = node("circle", {
    class: "left", cx: 160, cy: 160, r: radius, "stroke-dasharray": circumference,
    "stroke-dashoffset": 0,
  });
  picture.append(node("circle", { cx: 160, cy: 160, r: radius }), left);
  const show = (share) => {
    const offset = circumference * (share - 1);
    left.style.setProperty("stroke-dashoffset", String(offset));
  };
  return { picture, show };
}

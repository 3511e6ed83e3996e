// SPDX-License-Identifier: Apache-2.0
// Looks at the drawn page as a person would: returns a sentence for each thing that is wrong.
() => {
  const faults = [];
  const least = { control: 60, text: 24 };
  const width = innerWidth;
  const height = innerHeight;
  const elder = document.documentElement.dataset.size === "elder";
  const contrast = document.documentElement.dataset.contrast === "high";
  const name = (element) =>
    `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""}`
    + ` “${(element.textContent ?? "").trim().slice(0, 24)}”`;
  const box = (rect) => [rect.left, rect.top, rect.right, rect.bottom].map(Math.round).join(",");

  /** What is left of a rectangle after everything that clips it. */
  function visible(element, rect) {
    let { left, top, right, bottom } = rect;
    for (let parent = element.parentElement; parent; parent = parent.parentElement) {
      const style = getComputedStyle(parent);
      if (style.clipPath !== "none") return null;
      if (parent === document.body || parent === document.documentElement) break;
      if (style.overflow !== "visible") {
        const frame = parent.getBoundingClientRect();
        left = Math.max(left, frame.left);
        top = Math.max(top, frame.top);
        right = Math.min(right, frame.right);
        bottom = Math.min(bottom, frame.bottom);
      }
    }
    return right - left > 1 && bottom - top > 1 ? { left, top, right, bottom } : null;
  }
  const rolls = (element) => Boolean(element.closest(".scrolls > .roll"));
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });

  if (document.documentElement.scrollWidth > width || document.documentElement.scrollHeight > height) {
    faults.push("the page is larger than the screen");
  }
  for (const zone of document.querySelectorAll(".zone, .roll, .eave, .base, .site, .now")) {
    // A keyboard reaches to both edges of the screen, a rolling zone leaves room for the focus ring.
    if (zone.matches(".scrolls") || zone.querySelector(".keyboard")) continue;
    if (zone.scrollWidth > zone.clientWidth + 1 && getComputedStyle(zone).display !== "inline") {
      faults.push(`wider than its place: ${name(zone)} ${zone.scrollWidth} > ${zone.clientWidth}`);
    }
  }

  const controls = [...document.querySelectorAll("button, textarea")].filter(shown)
    .map((element) => ({ element, rect: element.getBoundingClientRect() }))
    .map((control) => ({ ...control, seen: visible(control.element, control.rect) }))
    .filter((control) => control.seen);
  for (const { element, rect, seen } of controls) {
    if (rect.width < least.control || rect.height < least.control) faults.push(`too small: ${name(element)} ${box(rect)}`);
    if (rect.left < 0 || rect.right > width || seen.top < 0 || seen.bottom > height) faults.push(`off the screen: ${name(element)} ${box(rect)}`);
    const whole = seen.bottom - seen.top > rect.height - 1;
    if (!whole && !rolls(element)) faults.push(`cut off: ${name(element)} ${box(rect)}`);
    const inside = document.elementFromPoint((seen.left + seen.right) / 2, (seen.top + seen.bottom) / 2);
    if (!element.contains(inside) && inside !== element) faults.push(`covered: ${name(element)} by ${inside && name(inside)}`);
    const highest = elder ? height / 2 : height / 4;
    if (height > width && element.tagName === "BUTTON" && seen.top < highest - 1) {
      faults.push(`too high to reach: ${name(element)} at ${Math.round(seen.top)}`);
    }
  }
  const meet = (one, other) => Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1
    && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 1;
  controls.forEach((one, index) => {
    for (const other of controls.slice(index + 1)) {
      if (meet(one.seen, other.seen)) faults.push(`over each other: ${name(one.element)} and ${name(other.element)}`);
    }
  });

  const colour = (value) => {
    const [red, green, blue, alpha = 1] = (value.match(/[\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
    return { red, green, blue, alpha };
  };
  const light = ({ red, green, blue }) => {
    const [r, g, b] = [red, green, blue].map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let parent = element; parent; parent = parent.parentElement) {
      const found = colour(getComputedStyle(parent).backgroundColor);
      if (found.alpha === 1) return found;
    }
    return { red: 255, green: 255, blue: 255 };
  };

  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const parent = text.parentElement;
    if (!text.data.trim() || !shown(parent) || parent.closest(".vh, script, #sprite")) continue;
    const picture = parent.closest("svg");
    const scale = picture && parent.getScreenCTM ? parent.getScreenCTM().a : 1;
    const style = getComputedStyle(parent);
    const size = parseFloat(style.fontSize) * scale;
    const range = document.createRange();
    range.selectNodeContents(text);
    const rects = [...range.getClientRects()].map((rect) => ({ rect, seen: visible(parent, rect) })).filter((line) => line.seen);
    if (rects.length === 0) continue;
    if (size < least.text - 0.01) faults.push(`letters of ${size.toFixed(1)} px: ${name(parent)}`);
    const frame = parent.closest("button, .next, .say, .field, .plate, .ring, .eave, .base") ?? parent.closest(".zone");
    const limit = frame?.getBoundingClientRect();
    for (const { rect, seen } of rects) {
      const line = `“${text.data.trim().slice(0, 24)}” ${box(rect)}`;
      if (rect.left < -1 || rect.right > width + 1) faults.push(`text off the screen: ${line}`);
      if (!picture && limit && !rolls(parent) && (rect.left < limit.left - 1 || rect.right > limit.right + 1)) faults.push(`text beyond ${name(frame)}: ${line}`);
      const middle = (rect.top + rect.bottom) / 2;
      if (!picture && limit && frame.tagName === "BUTTON" && (middle - size / 2 < limit.top || middle + size / 2 > limit.bottom)) faults.push(`text above or below ${name(frame)}: ${line}`);
      if (!rolls(parent) && seen.bottom - seen.top < Math.min(rect.bottom - rect.top, size) - 2) faults.push(`text cut off: ${line}`);
      if (!picture) lines.push({ parent, left: seen.left, right: seen.right, top: Math.max(seen.top, middle - size / 2), bottom: Math.min(seen.bottom, middle + size / 2), line });
    }
    if (!picture) {
      const [one, other] = [light(colour(style.color)), light(ground(parent))];
      const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
      if (ratio < (contrast ? 7 : 4.5)) faults.push(`contrast ${ratio.toFixed(1)}: ${name(parent)}`);
    }
  }
  lines.forEach((one, index) => {
    for (const other of lines.slice(index + 1)) {
      if (one.parent === other.parent) continue;
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      if (across > 4 && down > 4) faults.push(`text over text: ${one.line} and ${other.line}`);
    }
  });
  return faults;
}

// SPDX-License-Identifier: Apache-2.0
// Looks at the drawn page as a person would: returns a sentence for each thing that is wrong.
() => {
  const faults = [];
  const least = { control: 60, text: 24, gap: 12 };
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

  /** Notes `words` when `wrong`. */
  const note = (wrong, words) => { if (wrong) faults.push(words()); };

  const controls = [...document.querySelectorAll("button, textarea")].filter(shown)
    .map((element) => ({ element, rect: element.getBoundingClientRect() }))
    .map((control) => ({ ...control, seen: visible(control.element, control.rect) }))
    .filter((control) => control.seen);
  for (const { element, rect, seen } of controls) {
    const here = `${name(element)} ${box(rect)}`;
    note(rect.width < least.control || rect.height < least.control, () => `too small: ${here}`);
    const outside = rect.left < 0 || rect.right > width || seen.top < 0 || seen.bottom > height;
    note(outside, () => `off the screen: ${here}`);
    const whole = seen.bottom - seen.top > rect.height - 1;
    note(!whole && !rolls(element), () => `cut off: ${here}`);
    const inside = document.elementFromPoint((seen.left + seen.right) / 2, (seen.top + seen.bottom) / 2);
    note(!element.contains(inside), () => `covered: ${here} by ${inside && name(inside)}`);
    const highest = elder ? height / 2 : height / 4;
    const upright = height > width && element.tagName === "BUTTON";
    note(upright && seen.top < highest - 1, () => `too high to reach: ${here}`);
  }
  const base = document.querySelector(".base").getBoundingClientRect();
  for (const { element, seen } of controls.filter(({ element }) => element.closest("main"))) {
    if (element.closest(".keyboard")) continue;
    const gap = base.top - seen.bottom;
    note(gap < least.gap, () => `${Math.round(gap)} px above the base: ${name(element)}`);
  }
  const meet = (one, other) => Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1
    && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 1;
  controls.forEach((one, index) => {
    for (const other of controls.slice(index + 1)) {
      note(meet(one.seen, other.seen), () => `over each other: ${name(one.element)}, ${name(other.element)}`);
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
    const rects = [...range.getClientRects()]
      .map((rect) => ({ rect, seen: visible(parent, rect) })).filter((line) => line.seen);
    if (rects.length === 0) continue;
    note(size < least.text - 0.01, () => `letters of ${size.toFixed(1)} px: ${name(parent)}`);
    const frame = picture ? null
      : parent.closest("button, .next, .say, .field, .plate, .ring, .eave, .base") ?? parent.closest(".zone");
    const limit = frame?.getBoundingClientRect();
    for (const { rect, seen } of rects) {
      const line = `“${text.data.trim().slice(0, 24)}” ${box(rect)}`;
      note(rect.left < -1 || rect.right > width + 1, () => `text off the screen: ${line}`);
      const middle = (rect.top + rect.bottom) / 2;
      const [top, bottom] = [middle - size / 2, middle + size / 2];
      const beyond = limit && !rolls(parent) && (rect.left < limit.left - 1 || rect.right > limit.right + 1);
      note(beyond, () => `text beyond ${name(frame)}: ${line}`);
      const spilt = frame?.tagName === "BUTTON" && (top < limit.top || bottom > limit.bottom);
      note(spilt, () => `text above or below ${name(frame)}: ${line}`);
      const cut = seen.bottom - seen.top < Math.min(rect.bottom - rect.top, size) - 2;
      note(cut && !rolls(parent), () => `text cut off: ${line}`);
      if (picture) continue;
      lines.push({
        parent, line, left: seen.left, right: seen.right,
        top: Math.max(seen.top, top), bottom: Math.min(seen.bottom, bottom),
      });
    }
    if (!picture) {
      const [one, other] = [light(colour(style.color)), light(ground(parent))];
      const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
      note(ratio < (contrast ? 7 : 4.5), () => `contrast ${ratio.toFixed(1)}: ${name(parent)}`);
    }
  }
  lines.forEach((one, index) => {
    for (const other of lines.slice(index + 1)) {
      if (one.parent === other.parent) continue;
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      note(across > 4 && down > 4, () => `text over text: ${one.line}, ${other.line}`);
    }
  });
  return faults;
}

// SPDX-License-Identifier: Apache-2.0
// The page's words and times, in the language that is shown.

let words = {};
let language = "zh";

export async function loadWords() {
  const answer = await fetch("/words");
  if (!answer.ok) throw new Error("words");
  words = await answer.json();
}

/** The other language from here on. */
export function turnLanguage() {
  language = language === "zh" ? "en" : "zh";
  showLanguage();
}

export function showLanguage() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = say("staff.title");
}

/** The sentence of a key, its `{name}` places filled. A hole shows itself. */
export function say(key, places = {}) {
  const sentence = words[key]?.[language] ?? `⟦${key}⟧`;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => places[name] ?? whole);
}

/** One of two languages, as the terminal sends names and sentences. */
export function either(sentence) {
  return sentence?.[language] ?? "";
}

const zone = "Asia/Shanghai";
const dayOf = (time) => new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(time);

export function clock(time) {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" }).format(time);
}

export function day(time) {
  return new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", {
    timeZone: zone, month: "long", day: "numeric", weekday: "long",
  }).format(time);
}

/** The hour; with the day before it when that is not the day of `now`. */
export function moment(time, now) {
  if (dayOf(time) === dayOf(now)) return clock(time);
  const date = new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", {
    timeZone: zone, month: "short", day: "numeric",
  }).format(time);
  return `${date} ${clock(time)}`;
}

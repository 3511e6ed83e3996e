// SPDX-License-Identifier: Apache-2.0
// The desk: three lists, and one filing opened from any of them.

import { showCase, showCases } from "./clerk-case.js";
import { get, token, words } from "./clerk-parts.js";
import { showTasks } from "./clerk-tasks.js";
import { showTerminals } from "./clerk-terminals.js";

const single = document.getElementById("case");
const notice = document.getElementById("notice");
const settledButton = document.getElementById("settled");
const tabs = [...document.querySelectorAll("[data-tab]")];
let tab = "cases";
let settled = false;

function say(sentence) {
  notice.textContent = sentence ?? "";
  notice.hidden = !sentence;
}

const lists = {
  cases: {
    panel: document.getElementById("list"), none: () => words.empty,
    show: (panel) => showCases(panel, open),
  },
  tasks: {
    panel: document.getElementById("tasks"), none: () => (settled ? words.notSettled : words.noTasks),
    show: (panel) => showTasks(panel.querySelector("ol"), settled,
      { open, settled: refresh, failed: (error) => say(error.message) }),
  },
  terminals: {
    panel: document.getElementById("terminals"), none: () => words.noTerminals,
    show: (panel) => showTerminals(panel),
  },
};

function showOnly(panel) {
  for (const list of Object.values(lists)) list.panel.hidden = list.panel !== panel;
  single.hidden = panel !== single;
}

async function open(number) {
  try {
    await showCase(single, number);
    say();
    showOnly(single);
  } catch (error) {
    say(error.message);
  }
}

async function refresh() {
  const list = lists[tab];
  for (const one of tabs) one.setAttribute("aria-pressed", one.dataset.tab === tab);
  settledButton.textContent = settled ? words.openTasks : words.settledTasks;
  try {
    const [count, counts] = await Promise.all([list.show(list.panel), get("/v1/counts")]);
    document.getElementById("open-tasks").textContent = counts.openTasks || "";
    showOnly(list.panel);
    if (tab !== "tasks") list.panel.hidden = count === 0;
    say(count === 0 ? list.none() : undefined);
  } catch (error) {
    showOnly(null);
    say(error.message);
  }
}

for (const one of tabs) {
  one.addEventListener("click", () => {
    tab = one.dataset.tab;
    refresh();
  });
}
settledButton.addEventListener("click", () => {
  settled = !settled;
  refresh();
});
document.getElementById("refresh").addEventListener("click", refresh);
document.getElementById("back").addEventListener("click", refresh);
if (token) refresh();
else say(words.token);

// SPDX-License-Identifier: Apache-2.0
// The claim code is behind the # of the address: browsers never send that part, so it
// leaves the phone only in the body of the one request below.

const page = document.body.dataset;
const words = document.getElementById("words").dataset;
const ask = document.getElementById("ask");
const trouble = document.getElementById("trouble");

function say(sentence) {
  trouble.textContent = sentence ?? "";
  trouble.hidden = !sentence;
}

/** 2026-11-21 03:12 in China Standard Time, whatever the phone's own zone is. */
function moment(milliseconds) {
  return new Date(milliseconds + 8 * 3600 * 1000).toISOString().slice(0, 16).replace("T", " ");
}

function lines(...texts) {
  return texts.map((text, index) => {
    const line = document.createElement(index === 0 ? "span" : "small");
    line.textContent = text;
    return line;
  });
}

function show(facts) {
  const told = {
    matter: facts.matter && lines(facts.matter.zh, facts.matter.en),
    filedAt: facts.filedAt && lines(moment(facts.filedAt), words[facts.timeQuality]),
    receivedAt: facts.receivedAt && lines(moment(facts.receivedAt)),
    caseNumber: facts.caseNumber && lines(facts.caseNumber),
  };
  for (const row of document.querySelectorAll("[data-fact]")) {
    const value = told[row.dataset.fact];
    row.hidden = !value;
    if (value) row.querySelector("dd").replaceChildren(...value);
  }
  document.getElementById("details").hidden = !Object.values(told).some(Boolean);
  ask.hidden = true;
}

async function claim(claimCode) {
  say();
  try {
    const answer = await fetch("/v1/progress", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ number: page.number, claimCode }),
    });
    if (answer.ok) return show(await answer.json());
    say({ 400: words.short, 403: words.wrong, 429: words.resting }[answer.status] ?? words.unreachable);
  } catch {
    say(words.unreachable);
  }
  ask.hidden = false;
}

ask.addEventListener("submit", (event) => {
  event.preventDefault();
  claim(document.getElementById("code").value);
});
document.getElementById("again").addEventListener("click", () => location.reload());

if (page.state !== "notArrived") {
  const code = location.hash.slice(1);
  if (code) claim(code);
  else ask.hidden = false;
}

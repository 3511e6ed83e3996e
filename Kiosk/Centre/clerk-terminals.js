// SPDX-License-Identifier: Apache-2.0
// The terminals: who is there, whose certificate ends, whose records were cut.

import { element, get, moment, words } from "./clerk-parts.js";

const WEEKS = 14 * 86400 * 1000;

function certificateCell(certificate) {
  if (!certificate) return element("td", "–");
  const cell = element("td");
  const ends = certificate.notAfter - Date.now() < WEEKS;
  const text = certificate.revokedAt === null ? moment(certificate.notAfter) : words.revoked;
  cell.append(element("span", text, certificate.revokedAt !== null ? "tag refused" : ends ? "tag flagged" : "time"));
  return cell;
}

function auditCell(terminal) {
  const cell = element("td");
  if (terminal.auditCut) cell.append(element("span", words.cut, "tag refused"));
  else if (!terminal.audit) cell.append(element("span", words.noAudit));
  else cell.append(element("span", `${terminal.audit.entries} ${words.entries}`));
  return cell;
}

function row(terminal) {
  const line = element("tr");
  line.dataset.terminal = terminal.name;
  const state = element("td");
  state.append(element("span", terminal.connected ? words.connected : words.away,
    terminal.connected ? "tag received" : "tag held"));
  line.append(
    element("td", terminal.name, "number"), element("td", terminal.area), state,
    element("td", terminal.lastSeen === null ? words.never : moment(terminal.lastSeen), "time"),
    certificateCell(terminal.certificate), auditCell(terminal));
  return line;
}

/** What needs somebody first; how many there are. */
export async function showTerminals(table) {
  const { terminals } = await get("/v1/terminals");
  terminals.sort((a, b) => b.auditCut - a.auditCut || a.name.localeCompare(b.name));
  table.tBodies[0].replaceChildren(...terminals.map(row));
  return terminals.length;
}

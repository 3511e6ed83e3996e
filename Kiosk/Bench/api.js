// SPDX-License-Identifier: Apache-2.0

async function answered(response) {
  if (!response.ok) throw new Error(`bench answered ${response.status}`);
  return response.json();
}

export async function ask(what) {
  return answered(await fetch(`/${what}`, { cache: "no-store" }));
}

/** Gives an order; resolves to the state after it. */
export async function order(what, body) {
  return answered(await fetch(`/${what}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }));
}

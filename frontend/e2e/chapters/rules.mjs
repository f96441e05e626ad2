// The same rule gives the same verdict everywhere: in the code that the browser runs, on the server, and as the vectors
// say that the domain's own test holds too.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "../browser.mjs";
import { needed } from "../server.mjs";

const VECTORS = new URL("../../../crates/domain/tests/vectors/rules.json", import.meta.url);
// Who fills in which form, and for which unit.
const FILLERS = { M12: ["township", "village"], M08: ["township", "village"] };

const short = (findings) => JSON.stringify(findings.map(({ rule, field, severity, explained }) => [rule, field ?? null, severity, explained]));

async function account(base, login, password) {
  const call = async (method, path, body, token) => {
    const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}`, "idempotency-key": crypto.randomUUID() }) };
    const answer = await fetch(`${base}api/v1/${path}`, { method, headers, body: body && JSON.stringify(body) });
    const said = await answer.json();
    // A document that no row may name refuses the request whole, with the finding.
    if (!answer.ok && !said.findings) throw new Error(`${method} ${path}: ${JSON.stringify(said)}`);
    return said;
  };
  const token = (await call("POST", "session", { login, password })).access_token;
  return { unit: (await call("GET", "session", undefined, token)).unit.code, get: (path) => call("GET", path, undefined, token), post: (path, body) => call("POST", path, body, token) };
}

/** What the server finds; nothing for what it cannot be asked in a trial: figures of a period before. */
async function served(accounts, vector) {
  const [login, of] = FILLERS[vector.form] ?? [];
  if (!login || vector.previous) return undefined;
  const row = { unit: accounts[of].unit, values: vector.values, explanations: vector.explanations };
  const wish = { form: vector.form, period: vector.period, submit: true, source_document: vector.source_document, rows: [row] };
  const said = await accounts[login].post("reports/bulk-save?dry_run=true", wish);
  return said.findings ?? said.rows[0].findings;
}

export async function rules({ base, password }) {
  const { verdict } = createRequire(import.meta.url)(join(needed("ZHENXING_RULES_DIR"), "rules.js"));
  const accounts = {};
  for (const login of ["village", "township", "county"]) accounts[login] = await account(base, login, password);
  const vectors = JSON.parse(readFileSync(VECTORS, "utf8"));
  let asked = 0;
  for (const vector of vectors) {
    const form = await accounts.county.get(`forms/${vector.form}?period=${vector.period}`);
    const here = JSON.parse(verdict(form.definition, JSON.stringify(vector)));
    expect(short(here) === short(vector.verdict), `${vector.name}: the browser's code finds ${short(here)}`);
    const there = await served(accounts, vector);
    if (!there) continue;
    asked += 1;
    expect(JSON.stringify(here) === JSON.stringify(there), `${vector.name}: the server finds ${JSON.stringify(there)}`);
  }
  expect(asked >= 25, `the server was asked ${asked} times only`);
  console.log(`  ${vectors.length} vectors in the browser's code, ${asked} of them on the server, the same to the word`);
}

// Requests made up from the API's own description, right ones and wrong ones, as several accounts: no answer may be a
// server error or differ from the description. The same requests each time.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needed, startServer } from "./server.mjs";

const tool = needed("ZHENXING_SCHEMATHESIS");
const many = "100000000";
const { base, password, stop } = await startServer(["--rate-limit", many, "--sign-in-limit", many]);
const CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";
// These would end the session that the other requests need; the tables of faults and of access ask them.
const LEFT_OUT = ["sign_out", "sign_out_everywhere"];

async function token(login) {
  const ask = () => fetch(`${base}api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ login, password }),
  });
  // The connection of before was kept while the tool ran, and the server may have closed it meanwhile.
  const answer = await ask().catch(ask);
  return (await answer.json()).access_token;
}

// What is spelled out for each ledger is asked by one account: the general addresses are asked by all.
const SPELLED = "/ledgers/[^{/]+/";
const SPELLED_BY = "township";

// The tool keeps what it finds where it is started; here that is gone afterwards.
const folder = mkdtempSync(join(tmpdir(), "zhenxing-"));
let failed = 0;
try {
  for (const login of ["village", "township", "county", "admin"]) {
    console.log(`as ${login}`);
    const done = spawnSync(tool, [
      "run", `${base}api/v1/openapi.json`, "--header", `Authorization: Bearer ${await token(login)}`,
      "--phases", "coverage,fuzzing", "--max-examples", "15", "--generation-deterministic", "--checks", CHECKS,
      "--warnings", "off", "--no-color", ...(login === SPELLED_BY ? [] : ["--exclude-path-regex", SPELLED]),
      ...LEFT_OUT.flatMap((name) => ["--exclude-operation-id", name]),
    ], { encoding: "utf8", cwd: folder });
    const text = `${done.stdout ?? ""}${done.stderr ?? ""}${done.error ?? ""}`;
    if (done.status === 0) console.log(`  ${text.match(/^\s*(\d+ generated.*)$/m)?.[1] ?? "?"}`);
    else {
      failed += 1;
      console.error(text);
    }
  }
} finally {
  stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(failed === 0 ? 0 : 1);

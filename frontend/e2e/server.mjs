// A server of its own for a test: a fresh SQLite database, the accounts of a first look, a free port.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A variable that must be set. */
export function needed(name) {
  const value = process.env[name];
  if (value) return value;
  console.error(`${name} must be set`);
  process.exit(2);
}

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** Starts it with further flags and waits until it is ready. */
export async function startServer(flags = []) {
  const folder = mkdtempSync(join(tmpdir(), "zhenxing-"));
  const port = await freePort();
  const server = spawn(needed("ZHENXING_BIN"), [
    "serve", "--demo-accounts", "--data-dir", folder, "--database-url", `sqlite:${join(folder, "test.db")}`,
    "--listen", `127.0.0.1:${port}`, "--frontend-dir", needed("ZHENXING_FRONTEND_DIR"), "--today", "2026-11-24", ...flags,
  ], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  const password = await new Promise((done, failed) => {
    server.stdout.on("data", (data) => {
      said += data;
      const found = said.match(/^password: (\S+)$/m);
      if (found) done(found[1]);
    });
    server.on("exit", (code) => failed(new Error(`the server ended with ${code}: ${said}`)));
  });
  const stop = () => {
    server.removeAllListeners("exit");
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  return { base: `http://127.0.0.1:${port}/`, password, stop };
}

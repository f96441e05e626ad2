// The story in a browser, chapter by chapter, on servers of its own.
import { faults, expect, keep, launch } from "./browser.mjs";
import { startServer } from "./server.mjs";
import { reporting } from "./chapters/reporting.mjs";
import { languages } from "./chapters/languages.mjs";
import { cases } from "./chapters/cases.mjs";
import { extension } from "./chapters/extension.mjs";
import { figures } from "./chapters/figures.mjs";
import { first } from "./chapters/first.mjs";
import { ledgers } from "./chapters/ledgers.mjs";
import { month } from "./chapters/month.mjs";
import { admin } from "./chapters/admin.mjs";
import { office } from "./chapters/offices.mjs";
import { tags } from "./chapters/tags.mjs";
import { tasks } from "./chapters/tasks.mjs";
import { targets } from "./chapters/targets.mjs";
import { terms } from "./chapters/terms.mjs";
import { township } from "./chapters/township.mjs";
import { rosters } from "./chapters/rosters.mjs";
import { rules } from "./chapters/rules.mjs";
import { tree } from "./chapters/divisions.mjs";

const chapters = { first, rules, reporting, languages, month, township, extension, admin, office, tree, tags, tasks, targets, figures, ledgers, cases, rosters, terms };
const wanted = process.argv.slice(2);

const { base, password, stop } = await startServer(["--sign-in-limit", "600"]);
const browser = await launch();
try {
  for (const [name, chapter] of Object.entries(chapters)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    console.log(name);
    await chapter({ browser, base, password });
  }
} catch (error) {
  expect(false, error.stack);
  await keep(browser);
} finally {
  await browser.close();
  stop();
}
console.log(faults() === 0 ? "the story holds" : `${faults()} faults`);
process.exit(faults() === 0 ? 0 : 1);

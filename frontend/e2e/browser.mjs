// What every chapter of the story needs: facts that are counted when they fail, looks that are checked and kept,
// sign-ins. Screenshots stay in ZHENXING_OUT.
import { AxeBuilder } from "@axe-core/playwright";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";
import { needed } from "./server.mjs";

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

const out = resolve(process.env.ZHENXING_OUT ?? "frontend/e2e/out");
mkdirSync(out, { recursive: true });

let count = 0;
/** How many facts did not hold. */
export const faults = () => count;

/** A fact that must hold. */
export function expect(fact, sentence) {
  if (fact) return;
  count += 1;
  console.error(`  ✗ ${sentence}`);
}

export function launch() {
  return chromium.launch({ executablePath: needed("ZHENXING_CHROMIUM"), args: ["--no-sandbox", "--disable-gpu"] });
}

/** Keeps pictures of what stood open when a chapter broke off. */
export async function keep(browser) {
  const pages = browser.contexts().flatMap((context) => context.pages());
  for (const [place, page] of pages.entries()) await page.screenshot({ path: join(out, `fault-${place}.png`) });
}

/** Keeps a picture; nothing may be wider than the window, and axe finds nothing grave. */
export async function look(page, name) {
  await page.waitForFunction(() => !document.querySelector(".zx-waiting"));
  await page.screenshot({ path: join(out, `${name}.png`), fullPage: true });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(wide <= 0, `${name}: ${wide} px wider than the window`);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter((one) => ["serious", "critical"].includes(one.impact));
  for (const one of grave) {
    expect(false, `${name}: ${one.id}: ${one.nodes.map((node) => node.target.join(" ")).slice(0, 4).join(" | ")}`);
  }
  console.log(`  ${name}`);
}

/** A new visitor, before the sign-in. */
export async function visit(browser, base, size, who = "visitor") {
  const context = await browser.newContext({ viewport: size, locale: "zh-CN" });
  const page = await context.newPage();
  page.on("pageerror", (error) => expect(false, `${who}: ${error}`));
  page.on("console", (message) => {
    // A first visit has no session to take up, and one chapter asks for what does not exist: the browser notes it.
    const expected = /status of (400|401|403|404|422)/.test(message.text());
    if (message.type() === "error" && !expected) expect(false, `${who}: ${message.text()}`);
  });
  await page.goto(base);
  await page.getByLabel("用户名").waitFor();
  return page;
}

/** Opens a page by its path and waits for its heading. */
export async function open(page, base, path, heading) {
  await page.goto(`${base}${path}`);
  await page.getByRole("heading", { level: 1, name: heading }).waitFor();
}

/** Picks a unit in a field that offers units. */
export async function pick(within, label, name) {
  const field = within.getByRole("combobox", { name: new RegExp(`^${label}`) });
  await field.fill(name);
  await within.getByRole("option", { name: new RegExp(`^${name}`) }).first().click();
}

export async function signIn(browser, base, size, login, password) {
  const page = await visit(browser, base, size, login);
  await page.getByLabel("用户名").fill(login);
  await page.getByLabel("密码").fill(password);
  await page.getByRole("button", { name: "登录" }).click();
  await page.getByRole("heading", { name: "工作台", exact: true }).waitFor();
  return page;
}

// Every page in both languages: no text is missing, nothing is wider than the window, axe finds nothing grave, and the
// choice is kept.
import { DESKTOP, PHONE, expect, look, signIn } from "../browser.mjs";

const PAGES = { village: ["", "reports", "ledgers", "ledgers/weak_branch", "ledgers/person/new", "ledgers/post_holder/import", "mine"], township: ["", "reports", "review", "mine"], city: ["", "overview", "statistics", "figures/M12.reach_50k", "figures/M02.trained", "mine", "nothing"],
  admin: ["admin/departments", "admin/users", "feedback", "admin/units", "admin/periods", "admin/programme", "mine/password"], auditor: ["admin/audit"] };

/** Texts that are a key instead of words, and Chinese where English is shown (names of units and people aside). */
async function strangers(page, lang) {
  return page.evaluate((lang) => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent.trim();
      const name = walker.currentNode.parentElement.closest("[lang='zh-CN'], .zx-unit, .zx-user, tbody, .zx-crumbs, .zx-facts, .zx-pick, .zx-lead, .zx-list, .zx-map, .zx-tree, h2, script, noscript");
      if (/^[a-z]+(-[a-z0-9]+)+$/.test(text)) found.push(text);
      if (lang === "en" && !name && /[\u4e00-\u9fff]/.test(text)) found.push(text);
    }
    return found;
  }, lang);
}

async function round(page, base, paths, lang, label) {
  for (const path of paths) {
    await page.goto(`${base}${path}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await look(page, `${label}-${path.replaceAll("/", "-") || "workbench"}`);
    const found = await strangers(page, lang);
    expect(found.length === 0, `${label} ${path}: ${found.join(" | ")}`);
  }
}

async function visitor({ browser, base, password }, login, size, label) {
  const page = await signIn(browser, base, size, login, password);
  await round(page, base, PAGES[login], "zh", `zh-${login}-${label}`);
  await page.goto(`${base}mine`);
  await page.getByRole("button", { name: "English" }).filter({ visible: true }).first().click();
  await page.getByRole("heading", { name: "My account" }).waitFor();
  expect((await page.locator("html").getAttribute("lang")) === "en", "the page does not say that it is English");
  await round(page, base, PAGES[login], "en", `en-${login}-${label}`);
  // What the server words comes in the same language.
  await page.goto(`${base}reports/00000000-0000-7000-8000-000000000000`);
  const refusal = await page.getByRole("alert").textContent();
  expect(!/[\u4e00-\u9fff]/.test(refusal), `a refusal in Chinese: ${refusal}`);
}

export async function languages(world) {
  for (const login of Object.keys(PAGES)) {
    await visitor(world, login, DESKTOP, "desktop");
    await visitor(world, login, PHONE, "phone");
  }
}

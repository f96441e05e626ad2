// The administration: audit, periods, units, at both sizes.
import { DESKTOP, PHONE, expect, look, signIn } from "../browser.mjs";

async function open(page, base, path, heading) {
  await page.goto(`${base}${path}`);
  await page.getByRole("heading", { level: 1, name: heading }).waitFor();
}

/** The auditor narrows the trail and takes it out as a file. */
async function audit({ browser, base, password }, size, see) {
  const page = await signIn(browser, base, size, "auditor", password);
  await open(page, base, "admin/audit", "审计");
  await page.locator("tbody tr").first().waitFor();
  await see(page, "audit");
  await page.getByRole("combobox", { name: "类型" }).selectOption("sign_in");
  await page.locator("tbody tr", { hasText: "登录" }).first().waitFor();
  expect(page.url().includes("kind=sign_in"), "the filter does not stand in the link");
  await page.getByRole("combobox", { name: "单位" }).fill("运河");
  await page.getByRole("option", { name: /运河区/ }).first().waitFor();
  await see(page, "audit-unit");
  await page.keyboard.press("Enter");
  await page.waitForURL(/unit=1309/);
  await page.getByRole("button", { name: "清除筛选" }).click();
  await page.getByLabel("起").fill("2001-01-01");
  await page.getByLabel("止").fill("2001-01-02");
  await page.keyboard.press("Enter");
  await page.getByText("没有符合条件的记录").waitFor();
  await see(page, "audit-empty");
  await page.getByRole("button", { name: "清除筛选" }).click();
  await page.locator("tbody tr").first().waitFor();
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "导出", exact: true }).click()]);
  expect(file.suggestedFilename() === "audit.csv", "the export has another name");
  await page.getByText("已导出").waitFor();
  await page.context().close();
}

/** The administrator locks a period and opens it again. */
async function periods(page, base, see) {
  await open(page, base, "admin/periods", "期次与期限");
  const row = page.locator("tbody tr", { hasText: "填报中" }).first();
  await row.waitFor();
  const name = await row.getByRole("rowheader").textContent();
  await see(page, "periods");
  await row.getByRole("button", { name: "锁定" }).click();
  await page.getByRole("dialog").waitFor();
  await see(page, "periods-lock");
  await page.getByRole("button", { name: `锁定${name}` }).click();
  const locked = page.locator("tbody tr", { hasText: name }).filter({ hasText: "已锁定" });
  await locked.waitFor();
  await locked.getByRole("button", { name: "开放" }).click();
  await page.getByRole("button", { name: `开放${name}` }).click();
  await page.locator("tbody tr", { hasText: name }).filter({ hasText: "填报中" }).waitFor();
}

/** The tree by keyboard, and by name. */
async function units(page, base, see) {
  await open(page, base, "admin/units", "单位");
  const top = page.getByRole("treeitem").first();
  await top.focus();
  await page.getByRole("treeitem").nth(1).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await page.locator('[role=treeitem][aria-level="3"]').first().waitFor();
  await see(page, "units");
  await page.getByRole("combobox", { name: /查找单位/ }).fill("小王庄镇");
  await page.getByRole("option", { name: /小王庄镇/ }).first().click();
  await page.getByRole("heading", { level: 2, name: "小王庄镇" }).waitFor();
  await see(page, "unit");
}

async function administer(world, size, label) {
  const { browser, base, password } = world;
  const see = (page, name) => look(page, `${label}-admin-${name}`);
  await audit(world, size, see);
  const page = await signIn(browser, base, size, "admin", password);
  await periods(page, base, see);
  await units(page, base, see);
  await page.context().close();
}

export async function admin(world) {
  await administer(world, DESKTOP, "desktop");
  await administer(world, PHONE, "phone");
}

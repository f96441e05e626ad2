// The story in a browser, at 1440×900 and at 390×844: a village reports its income, the township checks, the county
// approves, and the city sees the figure move. Screenshots stay in ZHENXING_OUT.
import { AxeBuilder } from "@axe-core/playwright";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";
import { needed, startServer } from "./server.mjs";

const browserPath = needed("ZHENXING_CHROMIUM");
const out = resolve(process.env.ZHENXING_OUT ?? "frontend/e2e/out");
mkdirSync(out, { recursive: true });

let faults = 0;
function expect(fact, sentence) {
  if (fact) return;
  faults += 1;
  console.error(`  ✗ ${sentence}`);
}

async function look(page, name) {
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

async function signIn(browser, base, size, login, password) {
  const context = await browser.newContext({ viewport: size, locale: "zh-CN" });
  const page = await context.newPage();
  page.on("pageerror", (error) => expect(false, `${login}: ${error}`));
  page.on("console", (message) => {
    // A first visit has no session to take up: the browser itself notes that answer.
    const expected = /status of (401|422)/.test(message.text());
    if (message.type() === "error" && !expected) expect(false, `${login}: ${message.text()}`);
  });
  await page.goto(base);
  await page.getByLabel("用户名").fill(login);
  await page.getByLabel("密码").fill(password);
  await page.getByRole("button", { name: "登录" }).click();
  await page.getByRole("heading", { name: "工作台", exact: true }).waitFor();
  return page;
}

const INCOMES = [["经营性收入", "30000"], ["发包收入", "25000.50"], ["投资收益", "0"], ["补助收入", "0"], ["其他收入", "0"]];

async function walk(browser, base, password, { size, label, village, before }) {
  console.log(label);
  const see = (page, name) => look(page, `${label}-${name}`);
  const first = await browser.newContext({ viewport: size, locale: "zh-CN" });
  const door = await first.newPage();
  await door.goto(base);
  await door.getByLabel("用户名").waitFor();
  await see(door, "1-sign-in");
  const clerk = await signIn(browser, base, size, village, password);
  await see(clerk, "2-village-workbench");
  await clerk.locator(".zx-list li", { hasText: "2025年" }).getByRole("link", { name: "去填报" }).click();
  await clerk.getByRole("button", { name: "填报" }).waitFor();
  await see(clerk, "3-village-reports");
  await clerk.getByRole("button", { name: "填报" }).click();
  await clerk.getByLabel("经营性收入").waitFor();
  for (const [name, amount] of INCOMES) await clerk.getByLabel(name).fill(amount);
  await see(clerk, "4-village-entry");
  await clerk.getByRole("button", { name: "暂存" }).click();
  await clerk.getByText("暂存", { exact: false }).first().waitFor();
  await clerk.waitForTimeout(500);
  await clerk.getByRole("button", { name: "提交", exact: true }).click();
  await see(clerk, "5-village-confirm");
  await clerk.getByRole("button", { name: "确认提交" }).click();
  await clerk.getByText("待乡镇审核").waitFor();
  const township = await signIn(browser, base, size, "township", password);
  await see(township, "6-township-workbench");
  await township.getByRole("link", { name: "去审核" }).click();
  await township.getByRole("button", { name: "审核通过" }).waitFor();
  await township.getByRole("region", { name: "报送内容" }).focus();
  await township.keyboard.press("r");
  await township.getByRole("button", { name: "请核对计量单位（元、万元）" }).click();
  await township.getByLabel("经营性收入的退回意见").fill("请附合同");
  await township.getByText("历次版本").click();
  await township.getByText("提交", { exact: true }).first().waitFor();
  await see(township, "7-township-review");
  await township.getByRole("button", { name: "确认退回" }).click();
  await township.getByText("没有待审核的报送").waitFor();
  await clerk.reload();
  await clerk.getByText("退回意见：请附合同").waitFor();
  await clerk.getByRole("button", { name: "提交", exact: true }).click();
  await clerk.getByRole("button", { name: "确认提交" }).click();
  await clerk.getByText("待乡镇审核").waitFor();
  await township.reload();
  await township.getByRole("button", { name: "审核通过" }).waitFor();
  await township.getByRole("region", { name: "报送内容" }).focus();
  await township.keyboard.press("a");
  await township.getByText("没有待审核的报送").waitFor();
  const county = await signIn(browser, base, size, "county", password);
  await county.getByRole("link", { name: "去审定" }).click();
  await county.getByRole("button", { name: "审定" }).waitFor();
  await see(county, "8-county-review");
  await county.getByRole("button", { name: "审定" }).click();
  await county.getByText("没有待审核的报送").waitFor();
  const city = await signIn(browser, base, size, "city", password);
  await city.getByRole("link", { name: "总体情况" }).click();
  const wanted = `${before + 1}/5646村`;
  const card = city.locator('[data-metric="M12.reach_50k"]');
  for (let tries = 0; tries < 10; tries += 1) {
    await card.waitFor();
    if ((await card.textContent()).includes(wanted)) break;
    await city.waitForTimeout(1000);
    await city.reload();
  }
  expect((await card.textContent()).includes(wanted), `the city does not see ${wanted}`);
  if (size.width > 800) {
    await city.locator("thead").getByRole("link", { name: "数值" }).click();
    await city.locator('th[aria-sort="descending"]').waitFor();
  } else {
    await city.getByLabel("排序").selectOption("-value");
  }
  await city.locator("tbody tr").first().getByText("运河区").waitFor();
  await see(city, "9-city-overview");
  for (const name of ["运河区", "小王庄镇"]) {
    await city.getByRole("rowheader", { name }).getByRole("link").click();
    await city.locator(".zx-crumbs [aria-current]", { hasText: name }).waitFor();
  }
  await see(city, "10-city-township");
  await city.locator("tr", { hasText: "1/1" }).last().getByRole("link").click();
  await city.getByText("已审定").first().waitFor();
  await see(city, "11-city-report");
}

const { base, password, stop } = await startServer();
const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-gpu"] });
try {
  await walk(browser, base, password, { size: { width: 1440, height: 900 }, label: "desktop", village: "village", before: 0 });
  await walk(browser, base, password, { size: { width: 390, height: 844 }, label: "phone", village: "village2", before: 1 });
} catch (error) {
  expect(false, error.message);
} finally {
  await browser.close();
  stop();
}
console.log(faults === 0 ? "the story holds" : `${faults} faults`);
process.exit(faults === 0 ? 0 : 1);

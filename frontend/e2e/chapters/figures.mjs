// Where figures come from, and statistics: a figure is opened down to a village's report; a view is restored from its link,
// saved, shared, and opened by another.
import { speaker } from "../api.mjs";
import { DESKTOP, PHONE, expect, look, signIn } from "../browser.mjs";

// A year that no other chapter reports.
const PERIOD = "2024";
const INCOME = 7_654_300;

/** A village's report of a past year, approved by the county. */
async function approved(base, password) {
  const village = await speaker(base, "village", password);
  const { unit } = (await village("GET", "/session")).body;
  const values = { operating: INCOME, contract: 0, investment: 0, subsidy: 0, other: 0 };
  const made = await village("POST", "/reports", { form: "M12", unit: unit.code, period: PERIOD, values, source_document: "村集体经济年报" });
  expect(made.status === 201, `a report is begun: ${JSON.stringify(made.body)}`);
  for (const [login, action] of [["village", "submit"], ["township", "check"], ["county", "approve"]]) {
    const who = await speaker(base, login, password);
    const path = `/reports/${made.body.summary.id}`;
    const { tag } = await who("GET", path);
    const done = await who("POST", `${path}/actions`, { action }, { "If-Match": tag });
    expect(done.status === 200, `${action}: ${JSON.stringify(done.body)}`);
  }
  return unit;
}

/** The city opens a figure of the overview and follows the largest part down to the village's report. */
async function opened({ browser, base, password }, size, label, unit) {
  const page = await signIn(browser, base, size, "city", password);
  await page.goto(`${base}overview?metric=M12.income_total&period=${PERIOD}`);
  const row = page.locator("tbody tr").filter({ has: page.locator("a.zx-figure-link", { hasText: /[1-9]/ }) }).first();
  // The figure is in within a few seconds of its approval.
  for (let turn = 0; turn < 20 && (await row.count()) === 0; turn += 1) {
    await page.waitForTimeout(500);
    await page.reload();
    await page.getByRole("heading", { level: 1 }).waitFor();
  }
  await row.locator("a.zx-figure-link").click();
  const heading = page.getByRole("heading", { level: 1, name: "数据由来：村级集体经济总收入" });
  await heading.waitFor();
  await look(page, `${label}-figure-county`);
  const report = page.getByRole("heading", { name: `报送数据：${PERIOD}年` });
  for (let depth = 0; depth < 3; depth += 1) {
    await page.getByText("数值和算式").waitFor();
    if ((await report.count()) > 0) break;
    const before = page.url();
    await page.locator("tbody").getByRole("rowheader").first().getByRole("link").click();
    await page.waitForURL((url) => url.href !== before);
    await page.waitForFunction(() => !document.querySelector(".zx-waiting"));
  }
  await report.waitFor();
  await page.locator(".zx-crumbs [aria-current]", { hasText: unit.name }).waitFor();
  await page.getByText("76,543.00").first().waitFor();
  await look(page, `${label}-figure-village`);
  const link = page.url();
  await page.goto(`${base}mine`);
  await page.goto(link);
  await report.waitFor();
  if (size.width > 800) {
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "下载Excel" }).click()]);
    expect(file.suggestedFilename().endsWith(".xlsx"), `an Excel file, not ${file.suggestedFilename()}`);
  }
  await page.getByRole("link", { name: "打开报送" }).click();
  await page.getByText("已审定").first().waitFor();
}

/** The city makes a view and shares it; the county opens it by its link and by its name. */
async function restored({ browser, base, password }) {
  const page = await signIn(browser, base, DESKTOP, "city", password);
  await page.goto(`${base}statistics`);
  await page.getByRole("button", { name: "选择指标" }).click();
  const dialog = page.getByRole("dialog");
  for (const box of await dialog.getByRole("checkbox").all()) await box.uncheck();
  await dialog.getByRole("searchbox").fill("总收入");
  await dialog.getByLabel("村级集体经济总收入").check();
  await dialog.getByRole("button", { name: "选用 1 项" }).click();
  await page.getByRole("combobox", { name: "从" }).selectOption("2023");
  await page.getByRole("combobox", { name: "到" }).selectOption("2025");
  await page.getByRole("cell", { name: "76,543.00" }).first().waitFor();
  await look(page, "statistics-table");
  for (const [tab, name] of [["折线图", "line"], ["热力图", "heat"], ["地图", "map"], ["柱状图", "bar"]]) {
    await page.getByRole("tab", { name: tab }).click();
    await page.waitForURL((url) => url.search.includes(`view=${name}`));
    if (name !== "map") await page.locator(".zx-chart canvas").first().waitFor();
    await look(page, `statistics-${name}`);
  }
  await page.getByRole("combobox", { name: "期次", exact: true }).selectOption(PERIOD);
  await page.waitForURL((url) => url.search.includes(`period=${PERIOD}`));
  const link = page.url();
  await page.getByRole("button", { name: "常用视图" }).click();
  await page.getByLabel("视图名称").fill("各县总收入");
  await page.getByRole("dialog").getByRole("combobox", { name: "共享" }).first().selectOption({ label: "全市" });
  await page.getByRole("button", { name: "保存当前视图" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "各县总收入" }).waitFor();
  await look(page, "statistics-views");
  const views = page.getByRole("dialog");
  const row = views.getByRole("listitem");
  await row.getByRole("button", { name: "改名" }).click();
  await row.getByLabel("新名称").fill("分县总收入");
  await look(page, "statistics-views-rename");
  await row.getByRole("button", { name: "保存名称" }).click();
  await views.getByRole("button", { name: "分县总收入" }).waitFor();

  const reader = await signIn(browser, base, DESKTOP, "county", password);
  const same = async () => {
    await reader.getByRole("tab", { name: "柱状图", selected: true }).waitFor();
    const chosen = await reader.getByRole("combobox", { name: "期次", exact: true }).inputValue();
    expect(chosen === PERIOD, `the view has the period ${chosen}`);
    const chips = await reader.locator(".zx-chips li").allTextContents();
    expect(chips.join() === "村级集体经济总收入", `the view has the metrics ${chips}`);
  };
  await reader.goto(link);
  await same();
  await reader.goto(`${base}statistics`);
  await reader.getByRole("button", { name: "常用视图" }).click();
  await reader.getByRole("dialog").getByRole("button", { name: "分县总收入" }).click();
  await reader.waitForURL((url) => url.search.includes("view=bar"));
  await same();
  const phone = await signIn(browser, base, PHONE, "county", password);
  await phone.goto(`${base}statistics`);
  await phone.getByRole("heading", { name: "数据", exact: true }).waitFor();
  await look(phone, "statistics-phone");
}

export async function figures(world) {
  const unit = await approved(world.base, world.password);
  await opened(world, DESKTOP, "desktop", unit);
  await opened(world, PHONE, "phone", unit);
  await restored(world);
}

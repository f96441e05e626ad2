// A village reports its income, the township checks, the county approves, and the city sees the figure move: at
// 1440×900 and at 390×844.
import { DESKTOP, PHONE, expect, look, signIn, visit } from "../browser.mjs";

const INCOMES = [["经营性收入", "30000"], ["发包收入", "25000.50"], ["投资收益", "0"], ["补助收入", "0"], ["其他收入", "0"]];

async function submit(clerk) {
  await clerk.getByRole("button", { name: "提交", exact: true }).click();
  await clerk.getByRole("button", { name: "确认提交" }).click();
  await clerk.getByText("待乡镇审核").first().waitFor();
}

async function fillIn(clerk, see) {
  const earlier = clerk.locator(".zx-backlog", { hasText: "村级集体经济收入年报" });
  await earlier.getByRole("button", { name: "2025年", exact: true }).click();
  await clerk.getByLabel("经营性收入").waitFor();
  for (const [name, amount] of INCOMES) await clerk.getByLabel(name).fill(amount);
  await clerk.getByRole("textbox", { name: "来源文件" }).fill("2025年农村经济统计年报");
  await clerk.getByRole("navigation", { name: "我的报送表" }).locator("[aria-current]").waitFor();
  await see(clerk, "3-village-entry");
  // What was typed is not lost by a click.
  await clerk.getByRole("navigation").getByRole("link", { name: "工作台", exact: true }).filter({ visible: true }).click();
  await clerk.getByRole("dialog", { name: "有未保存的修改" }).getByRole("button", { name: "取消" }).click();
  await clerk.getByRole("button", { name: "暂存", exact: true }).click();
  await clerk.getByText("已暂存").waitFor();
  await clerk.getByRole("button", { name: "提交", exact: true }).click();
  await clerk.getByRole("dialog", { name: "确认提交" }).waitFor();
  await see(clerk, "4-village-confirm");
  await clerk.keyboard.press("Escape");
  await submit(clerk);
  await clerk.getByRole("tab", { name: "历次版本" }).click();
  await clerk.locator(".zx-timeline li", { hasText: "30,000.00" }).first().waitFor();
  await see(clerk, "5-village-history");
  await clerk.getByRole("navigation").getByRole("link", { name: "报送" }).filter({ visible: true }).first().click();
  await clerk.getByRole("navigation", { name: "我的报送表" }).locator("li").first().waitFor();
  await see(clerk, "5-village-forms");
  await clerk.goBack();
}

async function giveBack(township, see) {
  await township.getByRole("link", { name: "去审核" }).click();
  await township.getByRole("button", { name: "审核通过" }).waitFor();
  await township.keyboard.press("r");
  await township.getByRole("button", { name: "请核对金额单位（元、万元）。" }).click();
  await township.getByLabel("经营性收入的退回意见").fill("请附合同");
  await township.getByText("历次版本").click();
  await township.locator(".zx-timeline").getByText("提交", { exact: true }).first().waitFor();
  await see(township, "7-township-review");
  await township.getByRole("button", { name: "确认退回" }).click();
  await township.getByText("没有待审核的报送").waitFor();
}

async function seeFigure(city, wanted) {
  const card = city.locator('[data-metric="M12.reach_50k"]');
  for (let tries = 0; tries < 10; tries += 1) {
    await card.waitFor();
    if ((await card.textContent()).includes(wanted)) break;
    await city.waitForTimeout(1000);
    await city.reload();
  }
  expect((await card.textContent()).includes(wanted), `the city does not see ${wanted}`);
}

async function city(browser, base, password, { size, before }, see) {
  const page = await signIn(browser, base, size, "city", password);
  await page.getByRole("link", { name: "总体" }).filter({ visible: true }).click();
  await seeFigure(page, `${before + 1}/5,646`);
  if (size.width > 800) {
    await page.locator("thead").getByRole("button", { name: "数值" }).click();
    await page.locator('th[aria-sort="descending"]').waitFor();
  } else {
    await page.getByRole("combobox", { name: "排序" }).selectOption("1-down");
  }
  await page.locator("tbody tr").first().getByText("运河区").waitFor();
  await see(page, "9-city-overview");
  // A metric of a monthly form stands beside those of yearly ones.
  await page.getByRole("combobox", { name: "指标" }).selectOption({ label: "乡镇编制到位率" });
  await page.getByRole("heading", { name: "乡镇编制到位率：各单位情况" }).waitFor();
  await page.getByRole("heading", { name: "走势和目标" }).waitFor();
  await page.goBack();
  for (const name of ["运河区", "小王庄镇"]) {
    await page.getByRole("rowheader", { name }).getByRole("link").click();
    await page.locator(".zx-crumbs [aria-current]", { hasText: name }).waitFor();
  }
  await see(page, "10-city-township");
  await page.locator("tr", { hasText: "1/1" }).last().getByRole("rowheader").getByRole("link").click();
  await page.getByText("已审定").first().waitFor();
  await see(page, "11-city-report");
  await page.goto(`${base}nothing/here`);
  await page.getByRole("heading", { name: "没有这个页面" }).waitFor();
  await see(page, "12-not-found");
}

async function walk({ browser, base, password }, way) {
  const { size, label, village } = way;
  const see = (page, name) => look(page, `${label}-${name}`);
  const door = await visit(browser, base, size);
  await see(door, "1-sign-in");
  const clerk = await signIn(browser, base, size, village, password);
  await see(clerk, "2-village-workbench");
  await fillIn(clerk, see);
  const township = await signIn(browser, base, size, "township", password);
  await see(township, "6-township-workbench");
  await giveBack(township, see);
  await clerk.reload();
  await clerk.getByText("退回意见：请附合同").waitFor();
  await see(clerk, "7-village-returned");
  await submit(clerk);
  await township.reload();
  await township.getByRole("button", { name: "审核通过" }).waitFor();
  await township.keyboard.press("a");
  await township.getByText("没有待审核的报送").waitFor();
  const county = await signIn(browser, base, size, "county", password);
  await county.getByRole("link", { name: "去审定" }).click();
  await county.getByRole("button", { name: "审定" }).waitFor();
  await see(county, "8-county-review");
  await county.getByRole("button", { name: "审定" }).click();
  await county.getByText("没有待审核的报送").waitFor();
  await city(browser, base, password, way, see);
}

export async function reporting(world) {
  await walk(world, { size: DESKTOP, label: "desktop", village: "village", before: 0 });
  await walk(world, { size: PHONE, label: "phone", village: "village2", before: 1 });
}

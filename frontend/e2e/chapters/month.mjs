// A clerk's month on a phone: sign in, all that is due, pre-filled, three figures changed, submitted. Taps and typed
// figures are counted, as the measure of what reporting costs a village.
import { PHONE, look, signIn } from "../browser.mjs";

const FIRST = { 经营性收入: "30000", 发包收入: "25000", 投资收益: "1000", 补助收入: "20000", 其他收入: "0" };
const THEN = { 经营性收入: "31000", 发包收入: "26000", 补助收入: "21000" };

/** Counts what a hand does. */
function hand(page) {
  const counted = { taps: 0, typed: 0, page };
  counted.tap = async (target) => {
    await target.click();
    counted.taps += 1;
  };
  counted.type = async (label, text) => {
    await page.getByLabel(label).fill(text);
    counted.typed += 1;
  };
  return counted;
}

async function report(own, year, figures) {
  const { page } = own;
  const earlier = page.locator(".zx-backlog", { hasText: "村级集体经济收入年报" });
  await own.tap(earlier.getByRole("button", { name: year, exact: true }));
  await page.getByLabel("经营性收入").waitFor();
  for (const [name, text] of Object.entries({ ...figures, 来源文件: `${year}年报` })) await own.type(name, text);
  await own.tap(page.getByRole("button", { name: "提交", exact: true }));
  await own.tap(page.getByRole("button", { name: "确认提交" }));
  await page.getByText("待乡镇审核").first().waitFor();
}

async function pass(browser, base, password, login, link, button) {
  const page = await signIn(browser, base, PHONE, login, password);
  await page.getByRole("link", { name: link }).first().click();
  await page.getByRole("button", { name: button, exact: true }).click();
  await page.getByText("没有待审核的报送").waitFor();
  await page.context().close();
}

export async function month({ browser, base, password }) {
  // The year before is approved, so that the next one opens with its figures.
  const first = hand(await signIn(browser, base, PHONE, "village", password));
  await report(first, "2022年", FIRST);
  await first.page.context().close();
  await pass(browser, base, password, "township", "去审核", "审核通过");
  await pass(browser, base, password, "county", "去审定", "审定");
  const clerk = hand(await signIn(browser, base, PHONE, "village", password));
  clerk.taps += 1;
  clerk.typed += 2;
  await report(clerk, "2023年", THEN);
  await clerk.page.getByText("79,000.00").first().waitFor();
  await look(clerk.page, "month-submitted");
  console.log(`  a clerk's month: ${clerk.taps} taps, ${clerk.typed} fields typed (2 of them the sign-in)`);
}

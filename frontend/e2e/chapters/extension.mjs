// Extensions: a village asks for one, is refused, asks again and gets it; the new day is seen where it works. A township
// asks for several of its villages in one act and decides about them together.
import { DESKTOP, PHONE, expect, look, signIn } from "../browser.mjs";

const FORM = "村级集体经济收入年报";
const YEAR = "2026";

/** Opens this year's report of the village from its workbench. */
async function open(page) {
  const row = page.locator(".zx-list li", { hasText: `${YEAR}年 ${FORM}` });
  await row.getByRole("button").or(row.getByRole("link")).first().click();
  await page.getByRole("region", { name: "填报期限" }).waitFor();
}

async function ask(page, until, reason) {
  await page.getByRole("button", { name: "申请延期" }).click();
  const dialog = page.getByRole("dialog", { name: "申请延期" });
  await dialog.waitFor();
  if (until) await dialog.getByLabel("延期到").fill(until);
  else await dialog.getByRole("button", { name: "延 7 天" }).click();
  await dialog.getByLabel("延期原因").fill(reason);
  return dialog;
}

async function decide(page, base, act, answer) {
  await page.goto(base);
  const row = page.locator(".zx-list li", { hasText: "件延期申请待批准" });
  await row.getByRole("link", { name: "去批准" }).click();
  await page.getByRole("heading", { name: "延期申请" }).waitFor();
  await page.locator("tbody").getByRole("button", { name: act }).first().click();
  const dialog = page.getByRole("dialog");
  if (answer) {
    await dialog.getByRole("button", { name: act, exact: true }).click();
    await dialog.getByText("请写明不同意的原因").waitFor();
    await look(page, "extension-4-refuse");
    await dialog.getByLabel("答复").fill(answer);
  }
  await dialog.getByRole("button", { name: act, exact: true }).click();
  await page.getByText("已办理 1 件延期申请").waitFor();
  await page.getByText("没有待批准的延期申请").waitFor();
}

async function alone(browser, base, password) {
  const clerk = await signIn(browser, base, PHONE, "village", password);
  await open(clerk);
  await look(clerk, "extension-1-due");
  let dialog = await ask(clerk, "2027-03-01", "年底账目未结清");
  await dialog.getByRole("button", { name: "提交申请" }).click();
  await dialog.getByText("延期最迟到").waitFor();
  await look(clerk, "extension-2-too-far");
  await dialog.getByRole("button", { name: "延 7 天" }).click();
  await dialog.getByRole("button", { name: "提交申请" }).click();
  const line = clerk.getByRole("region", { name: "填报期限" });
  await line.getByText("待批准").waitFor();
  await look(clerk, "extension-3-asked");
  await clerk.getByRole("button", { name: "撤回申请" }).click();
  await line.getByText("已撤回").waitFor();
  dialog = await ask(clerk, "", "年底账目未结清");
  await dialog.getByRole("button", { name: "提交申请" }).click();
  await line.getByText("待批准").waitFor();
  const township = await signIn(browser, base, DESKTOP, "township", password);
  await decide(township, base, "不同意", "还有时间，请按期填报");
  await clerk.reload();
  await line.getByText("还有时间，请按期填报").waitFor();
  dialog = await ask(clerk, "", "会计住院，年底账目未结清");
  await dialog.getByRole("button", { name: "提交申请" }).click();
  await line.getByText("待批准").waitFor();
  await decide(township, base, "同意");
  await clerk.reload();
  await line.locator("strong", { hasText: "2026-12-28" }).waitFor();
  await line.getByText("已同意").waitFor();
  await look(clerk, "extension-5-granted");
  await clerk.goto(base);
  await clerk.getByText("2026-12-28 前").first().waitFor();
  await clerk.getByText("已延期").first().waitFor();
  await clerk.context().close();
  return township;
}

async function many(page, base) {
  await page.goto(`${base}reports/grid?form=M12&period=${YEAR}`);
  await page.getByRole("button", { name: "申请延期" }).click();
  const dialog = page.getByRole("dialog", { name: "申请延期" });
  const boxes = dialog.locator(".zx-units-list input");
  for (const place of [0, 1, 2]) await boxes.nth(place).check();
  await dialog.getByRole("button", { name: "延 15 天" }).click();
  await dialog.getByLabel("延期原因").fill("春节前集中核账");
  await look(page, "extension-6-many");
  await dialog.getByRole("button", { name: "提交申请" }).click();
  await page.getByText("已提交 3 件延期申请").waitFor();
  await page.goto(`${base}review?view=extensions`);
  await page.getByRole("checkbox", { name: "全选（3）" }).check();
  await look(page, "extension-7-waiting");
  await page.getByRole("button", { name: "同意所选", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "同意", exact: true }).click();
  await page.getByText("已办理 3 件延期申请").waitFor();
  await page.getByRole("combobox", { name: "状态" }).selectOption("granted");
  await page.locator("tbody tr").first().waitFor();
  expect((await page.locator("tbody tr").count()) === 4, "not four extensions are granted");
  await look(page, "extension-8-granted");
  return page;
}

/** What did not come is said, and can be asked for again. */
async function failed(page) {
  const away = { status: 400, contentType: "application/problem+json", json: {
    type: "urn:zhenxing:problem:busy", status: 400, code: "busy", title: "繁忙", detail: "系统繁忙，请稍后再试",
  } };
  await page.route("**/api/v1/extensions?*", (route) => route.fulfill(away));
  await page.reload();
  await page.getByRole("alert").getByText("系统繁忙，请稍后再试").waitFor();
  await look(page, "extension-10-failed");
  await page.unroute("**/api/v1/extensions?*");
  await page.getByRole("alert").getByRole("button").click();
  await page.locator("tbody tr").first().waitFor();
}

export async function extension({ browser, base, password }) {
  const township = await alone(browser, base, password);
  await many(township, base);
  const phone = await signIn(browser, base, PHONE, "township", password);
  await phone.goto(`${base}review?view=extensions&form=M12&period=${YEAR}&state=granted`);
  await phone.locator("tbody tr").first().waitFor();
  await look(phone, "extension-9-phone");
  await failed(phone);
}

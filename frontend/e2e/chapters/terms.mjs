// A village gets its next term in one act: tried first, then done, with who leaves, comes and stays. And a case with its plan
// as a file, which is opened again, replaced, and stands in the history.
import { DESKTOP, PHONE, expect, look, open, signIn } from "../browser.mjs";

const HEAD = "姓名\t职务\t出生日期";
const FIRST = ["田守信\t村党组织书记\t1979-05-12", "刘广田\t村民委员会委员\t1985-02-01"];
const SECOND = ["田守信\t村党组织书记\t1979-05-12", "马立新\t村民委员会主任\t1990-08-08"];
const PDF = Buffer.from("%PDF-1.7\n%%EOF\n");

/** Opens the dialog and fills it in. */
async function fill(page, base, day, term, rows) {
  await open(page, base, "ledgers/post_holder", "任职台账");
  await page.getByRole("button", { name: "整届替换", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "整届替换：任职台账" });
  await dialog.getByRole("button", { name: "试算", exact: true }).click();
  await dialog.getByText("请选择换届日期，并选择文件或粘贴名单").waitFor();
  await dialog.getByLabel("换届日期").fill(day);
  await dialog.getByLabel("届次").fill(term);
  await dialog.getByLabel("产生方式").selectOption("选举");
  await dialog.getByLabel("或粘贴名单").fill([HEAD, ...rows].join("\n"));
  return dialog;
}

async function replace(page, dialog, counted) {
  await dialog.getByRole("button", { name: "试算", exact: true }).click();
  await dialog.getByText(counted).waitFor();
  await dialog.getByRole("button", { name: "确认替换", exact: true }).click();
  await page.getByText("已完成整届替换").first().waitFor();
  await dialog.waitFor({ state: "detached" });
}

async function replacing(page, base) {
  let dialog = await fill(page, base, "2024-03-01", "十一", FIRST);
  await replace(page, dialog, "离任 0 人，新任 2 人，连任 0 人");
  dialog = await fill(page, base, "2026-06-01", "十二", [...SECOND, "赵六\t村党组织书记\t"]);
  await dialog.getByRole("button", { name: "试算", exact: true }).click();
  await dialog.getByText("本村已有在任的村党组织书记").waitFor();
  expect((await dialog.getByRole("button", { name: "确认替换" }).count()) === 0, "what is faulty is not done");
  await look(page, "terms-1-faulty");
  await dialog.getByLabel("或粘贴名单").fill([HEAD, ...SECOND].join("\n"));
  await dialog.getByRole("button", { name: "试算", exact: true }).click();
  await dialog.getByText("离任 1 人，新任 1 人，连任 1 人").waitFor();
  await dialog.getByText("1人：刘广田（村民委员会委员）").waitFor();
  await look(page, "terms-2-tried");
  await replace(page, dialog, "离任 1 人，新任 1 人，连任 1 人");
  await page.getByText("共 4 条").waitFor();
  await look(page, "terms-3-done");
}

async function attach(page, name) {
  await page.getByLabel("方案附件").setInputFiles({ name, mimeType: "application/pdf", buffer: PDF });
  await page.getByRole("button", { name, exact: true }).waitFor();
}

async function plan(page, base) {
  await open(page, base, "ledgers/weak_branch/new", "新增：软弱涣散村党组织整顿台账");
  await page.getByLabel("主要问题").fill("班子不团结，集体经济薄弱");
  await page.getByLabel("推进乡村振兴迟迟打不开局面").check();
  await page.getByLabel("排查日期").fill("2026-03-01");
  await attach(page, "整顿方案.pdf");
  await look(page, "terms-4-file");
  await page.getByRole("button", { name: "保存", exact: true }).click();
  const panel = page.getByRole("complementary", { name: "记录" });
  const link = panel.getByRole("button", { name: "整顿方案.pdf", exact: true });
  await link.waitFor();
  const saving = page.waitForEvent("download");
  await link.click();
  expect((await saving).suggestedFilename() === "整顿方案.pdf", "the file is saved under its name");
  await look(page, "terms-5-plan");
  await panel.getByRole("link", { name: "修改" }).click();
  await attach(page, "整顿方案（修订）.pdf");
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await panel.getByRole("button", { name: "整顿方案（修订）.pdf", exact: true }).waitFor();
  await panel.getByRole("tab", { name: "历史" }).click();
  const change = panel.locator(".zx-changes li", { hasText: "方案附件" });
  await change.filter({ hasText: "整顿方案（修订）.pdf" }).first().waitFor();
  await look(page, "terms-6-history");
}

export async function terms({ browser, base, password }) {
  const clerk = await signIn(browser, base, DESKTOP, "village2", password);
  await replacing(clerk, base);
  await plan(clerk, base);
  const phone = await signIn(browser, base, PHONE, "village2", password);
  await open(phone, base, "ledgers/post_holder", "任职台账");
  await phone.getByRole("button", { name: "整届替换", exact: true }).click();
  await phone.getByRole("dialog").getByLabel("换届日期").waitFor();
  await look(phone, "phone-terms-1-dialog");
  for (const page of [clerk, phone]) await page.context().close();
}

// Ledgers: a village's clerk enters a person and the post that he holds, and corrects him; the township enters a training and
// chooses who attended, entering one more person on the way; the city sees how many of those in post were trained.
import { DESKTOP, PHONE, expect, look, open, pick, signIn } from "../browser.mjs";
import { begin, idNumber, save } from "../records.mjs";

const SECRETARY = { name: "田守信", id: idNumber("19790512", "101") };

/** The list of ledgers: those in use, those that are not yet, those that only the organisation line sees. */
async function list(page, base, label) {
  await open(page, base, "ledgers", "工作台账");
  await page.getByRole("link", { name: "人员台账" }).waitFor();
  await page.getByText("尚未启用").first().waitFor();
  await look(page, `${label}-ledgers-1-all`);
}

/** A person: what is wrong is said while one types, Enter goes on, and what was typed is not lost by a click. */
async function person(page, base, label, who) {
  await begin(page, base, "person", "人员台账");
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await page.getByText("请填写“姓名”").waitFor();
  await page.getByLabel("姓名").fill(who.name);
  await page.getByLabel("姓名").press("Enter");
  const id = page.getByLabel("身份证号");
  expect(await id.evaluate((input) => input === document.activeElement), "Enter goes to the next input");
  await id.fill(`${who.id.slice(0, 17)}${who.id.endsWith("1") ? "2" : "1"}`);
  await page.getByLabel("联系电话").fill("13800138000");
  await page.getByText("应为18位且校验位正确").waitFor();
  await look(page, `${label}-ledgers-2-checks`);
  await page.getByRole("button", { name: "取消", exact: true }).click();
  await page.getByRole("dialog", { name: "有未保存的修改" }).getByRole("button", { name: "取消" }).click();
  await id.fill(who.id);
  await page.getByLabel("性别").selectOption("男");
  await page.getByLabel("出生日期").fill("1979-05-12");
  await page.getByLabel("出生日期").press("Control+Enter");
  await page.getByText(`已保存：${who.name}`).waitFor();
  await page.getByRole("heading", { level: 2, name: who.name }).waitFor();
  const panel = page.getByRole("complementary", { name: "记录" });
  expect(!(await panel.textContent()).includes(who.id), "an identity number is masked");
  await look(page, `${label}-ledgers-3-person`);
}

/** The whole number, with a reason; the change of another value; both stand in the history or beside it. */
async function eye(page, who) {
  const panel = page.getByRole("complementary", { name: "记录" });
  await panel.getByRole("button", { name: "查看完整的身份证号" }).click();
  const ask = page.getByRole("dialog");
  await ask.getByLabel("查看原因").fill("登记任职时核对身份");
  await ask.getByRole("button", { name: "查看", exact: true }).click();
  await panel.getByText(who.id).waitFor();
  await panel.getByRole("button", { name: "隐藏" }).click();
  await panel.getByRole("link", { name: "修改" }).click();
  await page.getByRole("heading", { level: 1, name: `修改：${who.name}` }).waitFor();
  await page.getByText("已隐去中间几位").first().waitFor();
  await page.getByLabel("文化程度").selectOption("大专");
  await page.getByLabel("修改原因").fill("补充学历");
  await save(page, who.name);
  await panel.getByRole("tab", { name: "历史" }).click();
  await panel.getByText("原因：补充学历").waitFor();
  await panel.locator(".zx-changes li", { hasText: "文化程度" }).waitFor();
}

/** The post of that person; a day that cannot be is refused at its field. */
async function post(page, base, label, who) {
  await begin(page, base, "post_holder", "任职台账");
  await pick(page, "人员", who.name);
  await page.getByLabel("职务").selectOption("村党组织书记");
  await page.getByLabel("任职日期").fill("2024-03-01");
  await page.getByLabel("离任日期").fill("2024-01-01");
  await page.getByText("离任日期应晚于任职日期").waitFor();
  await page.getByLabel("离任日期").fill("");
  await look(page, `${label}-ledgers-4-post`);
  await save(page, "村党组织书记");
  await open(page, base, "ledgers/post_holder", "任职台账");
  await page.getByRole("combobox", { name: "职务" }).selectOption("村党组织书记");
  await page.waitForURL((url) => url.search.includes("f.post=secretary"));
  await page.getByText(who.name).first().waitFor();
  await page.getByText(/^共 \d+ 条/).waitFor();
  await look(page, `${label}-ledgers-5-posts`);
}

/** A training of the township: one who attended is looked for, another is entered without leaving the form. */
async function training(page, base, who) {
  await begin(page, base, "training", "培训台账");
  await page.getByLabel("培训名称").fill("村党组织书记示范培训班");
  await page.getByLabel("主办层级").selectOption("乡镇");
  await page.getByLabel("开始日期").fill("2026-09-10");
  await page.getByLabel("结束日期").fill("2026-09-08");
  await page.getByText("结束日期不能早于开始日期").waitFor();
  await page.getByLabel("结束日期").fill("2026-09-12");
  await pick(page, "参训人员", who.name);
  await page.getByText("已选 1 条").waitFor();
  await page.getByRole("button", { name: "新增人员" }).click();
  const dialog = page.getByRole("dialog", { name: "新增人员" });
  await dialog.getByLabel("姓名").fill("刘广田");
  await look(page, "ledgers-6-new-person");
  await dialog.getByRole("button", { name: "保存", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText("已选 2 条").waitFor();
  await look(page, "ledgers-7-training");
  await save(page, "村党组织书记示范培训班");
  await page.getByRole("link", { name: "刘广田" }).waitFor();
  await look(page, "ledgers-8-training-open");
}

/** A record is deleted with its reason, found among the deleted ones, and restored. */
async function awayAndBack(page, base) {
  const course = "村党组织书记示范培训班";
  await open(page, base, "ledgers/training?q=村党组织", "培训台账");
  await page.getByRole("rowheader").getByRole("link", { name: course }).click();
  await page.getByRole("button", { name: "删除", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "删除", exact: true }).click();
  await dialog.getByText("请写明原因").waitFor();
  await dialog.getByLabel("原因").fill("重复登记");
  await dialog.getByRole("button", { name: "删除", exact: true }).click();
  await page.getByText(`已删除：${course}`).waitFor();
  await page.getByRole("combobox", { name: "显示" }).selectOption("已删除的");
  await page.getByRole("rowheader").getByRole("link", { name: course }).waitFor();
  await page.getByRole("button", { name: "恢复", exact: true }).click();
  await dialog.getByLabel("原因").fill("核对后不是重复");
  await dialog.getByRole("button", { name: "恢复", exact: true }).click();
  await page.getByText(`已恢复：${course}`).waitFor();
}

/** The figure is derived within a few seconds, and nobody filled it in. */
async function figure(page, base) {
  const row = page.locator("tbody tr").filter({ has: page.locator("a.zx-figure-link", { hasText: /[1-9]/ }) }).first();
  await open(page, base, "overview?metric=M02.trained&period=2026", "总体情况");
  for (let turn = 0; turn < 20 && (await row.count()) === 0; turn += 1) {
    await page.waitForTimeout(500);
    await page.reload();
    await page.getByRole("heading", { level: 1, name: "总体情况" }).waitFor();
    await page.waitForFunction(() => !document.querySelector(".zx-waiting"));
  }
  await row.waitFor();
  await look(page, "ledgers-9-city");
}

export async function ledgers({ browser, base, password }) {
  const clerk = await signIn(browser, base, DESKTOP, "village", password);
  await list(clerk, base, "desktop");
  await person(clerk, base, "desktop", SECRETARY);
  await eye(clerk, SECRETARY);
  await post(clerk, base, "desktop", SECRETARY);
  const phone = await signIn(browser, base, PHONE, "village", password);
  await phone.getByRole("link", { name: "台账" }).filter({ visible: true }).click();
  await phone.getByRole("heading", { level: 1, name: "工作台账" }).waitFor();
  await look(phone, "phone-ledgers-1-all");
  await phone.getByRole("link", { name: "人员台账" }).click();
  await phone.getByRole("rowheader").getByRole("link", { name: SECRETARY.name }).click();
  await phone.getByRole("heading", { level: 2, name: SECRETARY.name }).waitFor();
  await look(phone, "phone-ledgers-2-person");
  const township = await signIn(browser, base, DESKTOP, "township", password);
  await training(township, base, SECRETARY);
  await awayAndBack(township, base);
  const city = await signIn(browser, base, DESKTOP, "city", password);
  await list(city, base, "city");
  await figure(city, base);
  for (const page of [clerk, phone, township, city]) await page.context().close();
}

// The administration: audit, periods, units, at both sizes.
import { DESKTOP, PHONE, expect, look, open, signIn, visit } from "../browser.mjs";

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

/** A village is given another name: what, when and why, what it does, and the name typed; then it is taken back. */
async function change(page, base, see) {
  await open(page, base, "admin/units", "单位");
  await page.getByRole("combobox", { name: /查找单位/ }).fill("小王庄镇");
  await page.getByRole("option", { name: /小王庄镇/ }).first().click();
  await page.getByRole("heading", { level: 2, name: "小王庄镇" }).waitFor();
  await page.getByRole("button", { name: "调整", exact: true }).click();
  const sheet = page.getByRole("dialog", { name: "调整“小王庄镇”" });
  await sheet.getByLabel("新名称").fill("运河新镇");
  await see(page, "change-what");
  await sheet.getByRole("button", { name: "下一步" }).click();
  await sheet.getByLabel(/生效月份/).fill("2027-01");
  await sheet.getByLabel(/调整依据/).fill("冀民批〔2026〕8号");
  await see(page, "change-when");
  await sheet.getByRole("button", { name: "预览影响" }).click();
  await sheet.getByText("名称或隶属变动的单位").first().waitFor();
  await see(page, "change-preview");
  await sheet.getByRole("button", { name: "下一步" }).click();
  await sheet.getByLabel("请输入“小王庄镇”以确认").fill("小王庄镇");
  await see(page, "change-confirm");
  await sheet.getByRole("button", { name: "更名", exact: true }).click();
  await page.getByText("已办理，2027-01-01 起生效").first().waitFor();
  await page.getByRole("tab", { name: "调整记录" }).click();
  const row = page.locator("tbody tr", { hasText: "运河新镇" }).filter({ hasText: "待生效" });
  await row.waitFor();
  await see(page, "changes");
  await row.getByRole("button", { name: "撤回" }).click();
  await page.getByLabel(/撤回原因/).fill("批文有误");
  await page.getByRole("dialog").getByRole("button", { name: "撤回", exact: true }).click();
  await page.locator("tbody tr", { hasText: "已撤回" }).first().waitFor();
}

/** A village complains from where it is; the township accepts and answers; the village sees the answer. */
export async function feedback({ browser, base, password }, size, label, see) {
  const text = `同一份表每周重复报送，${label}`;
  const village = await signIn(browser, base, size, "village", password);
  await village.getByRole("button", { name: "意见建议" }).click();
  const form = village.getByRole("dialog", { name: "意见建议" });
  await form.getByRole("combobox", { name: "类型" }).selectOption("burden");
  await form.getByLabel(/内容/).fill(text);
  await see(village, "suggest");
  await form.getByRole("button", { name: "提交" }).click();
  await village.getByText("已提交，谢谢您的意见").waitFor();
  const township = await signIn(browser, base, size, "township", password);
  await open(township, base, "feedback", "意见建议");
  await township.locator("tbody tr", { hasText: text }).getByRole("button", { name: "打开" }).click();
  const shown = township.getByRole("dialog", { name: "意见建议" });
  await shown.getByRole("button", { name: "受理" }).click();
  await shown.getByText("已受理").first().waitFor();
  await shown.getByLabel("答复内容").fill("已停用重复的周报，改为自动汇总。");
  await see(township, "answer");
  await shown.getByRole("button", { name: "答复", exact: true }).click();
  await shown.getByText("已答复").first().waitFor();
  await township.goto(`${base}feedback?view=counts`);
  await township.locator("tbody tr").first().waitFor();
  await see(township, "feedback-counts");
  await open(village, base, "feedback", "意见建议");
  await village.locator("tbody tr", { hasText: text }).getByRole("button", { name: "打开" }).click();
  await village.getByText("已停用重复的周报").first().waitFor();
  await see(village, "answered");
  await village.getByRole("dialog").getByRole("button", { name: "满意", exact: true }).click();
  await village.getByRole("dialog").locator(".zx-label", { hasText: "满意" }).waitFor();
  for (const page of [village, township]) await page.context().close();
}

/** An account is made, gets a one-time password, signs in with it and chooses its own. */
async function people({ browser, base }, page, size, login, see) {
  await open(page, base, "admin/users", "用户与授权");
  await page.locator("tbody tr").first().waitFor();
  await see(page, "users");
  await page.getByRole("button", { name: "新建账户" }).click();
  const form = page.getByRole("dialog", { name: "新建账户" });
  await form.getByLabel("姓名（岗位）").fill("李明");
  await form.getByLabel("用户名").fill("X");
  await form.getByRole("combobox", { name: /^单位/ }).fill("小王庄镇");
  await form.getByRole("option", { name: /小王庄镇/ }).first().click();
  await form.getByRole("combobox", { name: "角色" }).selectOption("checker");
  await form.getByRole("combobox", { name: "数据范围" }).selectOption("unit_and_below");
  await form.getByRole("button", { name: "新建", exact: true }).click();
  await form.locator("#user-login-error").waitFor();
  await see(page, "user-form");
  await form.getByLabel("用户名").fill(login);
  await form.getByRole("button", { name: "新建", exact: true }).click();
  await page.getByText("已保存：李明").waitFor();
  await page.getByLabel("姓名或用户名").fill(login);
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=/);
  await page.getByRole("checkbox", { name: "选取李明" }).check();
  await page.getByRole("button", { name: "发放 1 个一次性密码" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "发放 1 个一次性密码" }).click();
  const slip = page.locator(".zx-slip", { hasText: login });
  await slip.waitFor();
  const oneTime = await slip.locator("code").nth(1).textContent();
  await see(page, "passwords");
  await page.getByRole("button", { name: "已交付，清除" }).click();
  await page.getByRole("link", { name: "李明" }).click();
  await page.getByRole("heading", { level: 1, name: "李明" }).waitFor();
  await see(page, "user");
  await firstSignIn(browser, base, size, login, oneTime, see);
  await page.getByRole("button", { name: "停用" }).click();
  await page.getByLabel("请输入“李明”以确认").fill("李明");
  await see(page, "user-deactivate");
  await page.getByRole("dialog").getByRole("button", { name: "停用" }).click();
  await page.getByRole("button", { name: "启用" }).waitFor();
}

/** An account for every village of a township: tried, made with the number named, passwords on slips; then a look as one
 * of them, which the banner says and ends. */
export async function many(page, base, township, see) {
  await open(page, base, "admin/users", "用户与授权");
  await page.getByRole("button", { name: "导入", exact: true }).click();
  const sheet = page.getByRole("dialog", { name: "导入" });
  await sheet.getByLabel("或粘贴表格内容（含表头）").fill("单位编码,用户名,姓名,角色,数据范围,电话,实事\n1,x,,,,,");
  await sheet.getByRole("button", { name: "试算" }).click();
  await sheet.getByRole("alert").waitFor();
  await see(page, "import");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "批量生成账户" }).click();
  const form = page.getByRole("dialog", { name: "批量生成账户" });
  await form.getByRole("combobox", { name: "单位及以下" }).fill(township);
  await form.getByRole("option", { name: new RegExp(township) }).first().click();
  await form.getByRole("button", { name: "试算" }).click();
  const make = form.getByRole("button", { name: /^新建 \d+ 个账户$/ });
  await make.waitFor();
  await see(page, "generate");
  await make.click();
  await page.getByRole("dialog").getByRole("button", { name: /^发放 \d+ 个一次性密码$/ }).click();
  await page.locator(".zx-slip").nth(2).waitFor();
  await see(page, "slips");
  await page.getByRole("button", { name: "已交付，清除" }).click();
  await open(page, base, "admin/users/village", "小王庄村村民委员会填报员");
  await page.getByRole("button", { name: "以他人身份查看" }).click();
  await page.getByLabel(/查看原因/).fill("来电反映填报页面打不开");
  await see(page, "view-as");
  await page.getByRole("button", { name: "开始查看" }).click();
  await page.getByText(/的身份查看，只能查看/).waitFor();
  await see(page, "viewing");
  await page.getByRole("button", { name: "结束", exact: true }).click();
  await page.getByText(/的身份查看，只能查看/).waitFor({ state: "detached" });
}

async function firstSignIn(browser, base, size, login, oneTime, see) {
  const own = await visit(browser, base, size, login);
  await own.getByLabel("用户名").fill(login);
  await own.getByLabel("密码").fill(oneTime);
  await own.getByRole("button", { name: "登录" }).click();
  await own.getByRole("heading", { name: "请先修改密码" }).waitFor();
  await see(own, "first-password");
  await own.locator("#password-current").fill(oneTime);
  for (const field of ["new", "again"]) await own.locator(`#password-${field}`).fill("short");
  await own.getByRole("button", { name: "修改密码" }).click();
  await own.locator("#password-new-error").waitFor();
  for (const field of ["new", "again"]) await own.locator(`#password-${field}`).fill("柳树发芽-运河水涨-42");
  await own.getByRole("button", { name: "修改密码" }).click();
  await own.getByRole("heading", { name: "工作台", exact: true }).waitFor();
  await own.goto(`${base}mine/password`);
  await own.getByRole("heading", { level: 1, name: "修改密码" }).waitFor();
  await see(own, "password");
  await own.context().close();
}

async function administer(world, size, label) {
  const { browser, base, password } = world;
  const see = (page, name) => look(page, `${label}-admin-${name}`);
  await audit(world, size, see);
  const page = await signIn(browser, base, size, "admin", password);
  await periods(page, base, see);
  await units(page, base, see);
  await change(page, base, see);
  await people(world, page, size, `liming.${label}`, see);
  await many(page, base, size === DESKTOP ? "小赵庄乡" : "小王庄镇", see);
  await page.context().close();
  await feedback(world, size, label, see);
}

export async function admin(world) {
  await administer(world, DESKTOP, "desktop");
  await administer(world, PHONE, "phone");
}

// Offices and who holds them: a department with an account bound to it, a transfer, a leave with a deputy who acts, an
// account switched off whose work stays, at both sizes.
import { DESKTOP, PHONE, expect, look, open, pick, signIn, visit } from "../browser.mjs";

const CHOSEN = "柳树发芽-运河水涨-42";

/** A department is made, renamed, found again, and given its last day. */
async function departments(page, base, county, code, see) {
  await open(page, base, "admin/departments", "部门");
  await page.locator("tbody tr").first().waitFor();
  await see(page, "departments");
  await page.getByRole("button", { name: "新建部门" }).click();
  const form = page.getByRole("dialog", { name: "新建部门" });
  await form.getByRole("button", { name: "保存" }).click();
  await form.getByRole("alert").waitFor();
  await pick(form, "单位", county);
  await form.getByLabel("部门代码").fill(code);
  await form.getByLabel("部门名称").fill("区委编办");
  await form.getByRole("combobox", { name: "负责的实事" }).selectOption("M05");
  await see(page, "department-new");
  await form.getByRole("button", { name: "保存" }).click();
  await page.getByText("已保存：区委编办").waitFor();
  await page.getByRole("searchbox", { name: "部门名称" }).fill("区委编办");
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=/);
  const row = page.locator("tbody tr", { hasText: "区委编办" }).filter({ hasText: county });
  await row.getByRole("button", { name: "修改" }).click();
  const change = page.getByRole("dialog", { name: "修改部门" });
  await change.getByLabel("部门名称").fill("区委机构编制委员会办公室");
  await change.getByLabel("截止日").fill("2001-01-01");
  await change.getByRole("button", { name: "保存" }).click();
  await change.getByText(/截止日不能早于/).waitFor();
  await change.getByLabel("截止日").fill("2027-12-31");
  await see(page, "department-change");
  await change.getByRole("button", { name: "保存" }).click();
  await page.getByText("已保存：区委机构编制委员会办公室").waitFor();
  await page.getByRole("button", { name: "清除筛选" }).click();
  await pick(page, "单位及以下", county);
  await page.locator("tbody tr", { hasText: "2027-12-31" }).waitFor();
  await see(page, "departments-of");
}

/** A new account through the form; `more` fills in what else its grant says. */
async function account(page, base, { name, login, unit, phone, more }) {
  await open(page, base, "admin/users", "用户与授权");
  await page.getByRole("button", { name: "新建账户" }).click();
  const form = page.getByRole("dialog", { name: "新建账户" });
  await form.getByLabel("姓名（岗位）").fill(name);
  await form.getByLabel("用户名").fill(login);
  await pick(form, "单位", unit);
  if (phone) await form.getByLabel("手机号").fill(phone);
  if (more) await more(form);
  await form.getByRole("button", { name: "新建", exact: true }).click();
  await page.getByText(`已保存：${name}`).waitFor();
}

/** Gives an account a one-time password and signs it in with a password of its own. */
async function firstSignIn(browser, base, admin, size, { name, login }) {
  await open(admin, base, `admin/users/${login}`, name);
  await admin.getByRole("button", { name: "重置密码" }).click();
  await admin.getByRole("dialog").getByRole("button", { name: "重置密码" }).click();
  const slip = admin.locator(".zx-slip", { hasText: login });
  const oneTime = await slip.locator("code").nth(1).textContent();
  await admin.getByRole("button", { name: "已交付，清除" }).click();
  const own = await visit(browser, base, size, login);
  await own.getByLabel("用户名").fill(login);
  await own.getByLabel("密码").fill(oneTime);
  await own.getByRole("button", { name: "登录" }).click();
  await own.locator("#password-current").fill(oneTime);
  for (const field of ["new", "again"]) await own.locator(`#password-${field}`).fill(CHOSEN);
  await own.getByRole("button", { name: "修改密码" }).click();
  await own.getByRole("heading", { name: "工作台", exact: true }).waitFor();
  return own;
}

/** The county's 编办 sees its own matter's form alone, and fills it in for a township. */
async function establishment(world, page, size, who, see) {
  const { browser, base } = world;
  await account(page, base, {
    ...who,
    more: async (form) => {
      await form.getByRole("combobox", { name: "数据范围" }).selectOption("unit_and_below");
      await form.getByRole("combobox", { name: "限定部门" }).selectOption(who.department);
      await see(page, "office-account");
    },
  });
  const own = await firstSignIn(browser, base, page, size, who);
  await open(own, base, "reports?form=M05", "数据报送");
  const forms = own.getByRole("combobox", { name: "报送表" });
  await forms.waitFor();
  const offered = await forms.locator("option").allTextContents();
  expect(offered.every((one) => one.includes("编")), `the office is offered ${offered.join("、")}`);
  await own.locator("tbody tr", { hasText: "待填报" }).first().getByRole("button", { name: "填报", exact: true }).click();
  await own.getByLabel(/核定编制/).first().fill("60");
  await own.getByLabel(/实有人数/).first().fill("57");
  await see(own, "office-entry");
  await own.getByRole("button", { name: "提交", exact: true }).click();
  await own.getByRole("button", { name: "确认提交" }).click();
  await own.getByText(/待县级审定/).first().waitFor();
  await own.context().close();
}

/** A phone is hidden, and shown for a minute to who says why. */
async function reveal(page, see) {
  await page.getByText("139****5678").waitFor();
  await page.getByRole("button", { name: "查看完整手机号" }).click();
  const ask = page.getByRole("dialog");
  await ask.getByRole("button", { name: "查看", exact: true }).click();
  await ask.getByRole("alert").waitFor();
  await ask.getByLabel(/查看原因/).fill("报送数据需电话核实");
  await see(page, "phone-ask");
  await ask.getByRole("button", { name: "查看", exact: true }).click();
  await page.getByText("13912345678").waitFor();
  await see(page, "phone-shown");
  await page.getByRole("button", { name: "隐藏", exact: true }).click();
  await page.getByText("139****5678").waitFor();
}

/** Somebody moves to another township, at once and later. */
async function transfer(world, page, who, [to, later], see) {
  const { base } = world;
  await account(page, base, who);
  await open(page, base, `admin/users/${who.login}`, who.name);
  await reveal(page, see);
  await page.getByRole("button", { name: "调动" }).click();
  const ask = page.getByRole("dialog");
  await ask.getByRole("button", { name: "调动" }).click();
  await ask.getByRole("alert").waitFor();
  await pick(ask, "调入单位", to);
  await see(page, "transfer");
  await ask.getByRole("button", { name: "调动" }).click();
  await page.getByText(`已办理调动：${who.name}`).waitFor();
  await page.locator(".zx-facts dd", { hasText: to }).first().waitFor();
  await page.getByRole("button", { name: "调动" }).click();
  await pick(ask, "调入单位", later);
  await ask.getByLabel("起始日").fill("2027-01-04");
  await ask.getByRole("button", { name: "调动" }).click();
  await page.getByText(`2027-01-04 起到 ${later}`).waitFor();
  await see(page, "transfer-waits");
  await page.getByRole("button", { name: "取消调动" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "取消调动" }).click();
  await page.getByText(`2027-01-04 起到 ${later}`).waitFor({ state: "detached" });
}

/** While a clerk is absent a colleague does the work in the clerk's name, and both names are kept. */
async function leave(world, page, size, absent, deputy, see) {
  const { browser, base } = world;
  await account(page, base, absent);
  await account(page, base, deputy);
  await open(page, base, `admin/users/${absent.login}`, absent.name);
  await page.getByRole("button", { name: "离岗" }).click();
  const ask = page.getByRole("dialog");
  await ask.getByRole("button", { name: new RegExp(deputy.name) }).click();
  await ask.getByRole("button", { name: "离岗" }).click();
  await ask.getByRole("alert").waitFor();
  await ask.getByLabel("离岗截止日").fill("2026-12-31");
  await see(page, "leave");
  await ask.getByRole("button", { name: "离岗" }).click();
  await page.getByText(new RegExp(`由${deputy.name}代办`)).waitFor();
  await see(page, "on-leave");
  const own = await firstSignIn(browser, base, page, size, deputy);
  await own.locator("li", { hasText: absent.name }).waitFor();
  await see(own, "deputy");
  await own.locator("li", { hasText: absent.name }).getByRole("button", { name: "代为办理" }).click();
  await own.getByText(`正在代“${absent.name}”办理`).waitFor();
  // A new page would begin with the deputy's own session again: the work goes on within this one.
  await own.getByRole("link", { name: "报送" }).filter({ visible: true }).first().click();
  await own.getByRole("combobox", { name: "报送表" }).selectOption("M12");
  await own.getByRole("combobox", { name: "期次" }).selectOption(absent.year);
  await own.locator("tbody tr", { hasText: "待填报" }).first().getByRole("button", { name: "填报", exact: true }).click();
  await own.getByRole("button", { name: "暂存" }).waitFor();
  await own.getByLabel("经营性收入").fill("12000");
  await own.getByRole("button", { name: "暂存", exact: true }).click();
  await own.getByText("已暂存").waitFor();
  await see(own, "deputy-entry");
  await own.getByRole("tab", { name: "历次版本" }).click();
  await own.getByText(`${absent.name}（${deputy.name}代办）`).first().waitFor();
  await see(own, "deputy-history");
  await own.getByRole("button", { name: "结束", exact: true }).click();
  await own.getByText(/正在代/).waitFor({ state: "detached" });
  await open(page, base, `admin/users/${absent.login}`, absent.name);
  await page.getByRole("button", { name: "返岗" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "返岗" }).click();
  await page.getByRole("button", { name: "离岗" }).waitFor();
  await own.goto(base);
  await own.getByRole("heading", { name: "工作台", exact: true }).waitFor();
  await own.getByRole("button", { name: "代为办理" }).waitFor({ state: "detached" });
  return own;
}

/** Who is switched off works no more, and what he did stays under his name. */
async function deactivation(world, page, own, size, deputy, see) {
  const { base, password, browser } = world;
  await open(page, base, `admin/users/${deputy.login}`, deputy.name);
  await page.getByRole("button", { name: "停用" }).click();
  await page.getByLabel(`请输入“${deputy.name}”以确认`).fill(deputy.name);
  await page.getByRole("dialog").getByRole("button", { name: "停用" }).click();
  await page.getByRole("button", { name: "启用" }).waitFor();
  await see(page, "switched-off");
  await own.goto(base);
  await own.getByLabel("用户名").waitFor();
  // A page that was open stands at the sign-in; what was filled in still names who did it.
  const admin = await signIn(browser, base, size, "auditor", password);
  await open(admin, base, `admin/audit?account=${deputy.login}`, "审计");
  await admin.locator("tbody tr", { hasText: deputy.name }).first().waitFor();
  await see(admin, "switched-off-trail");
  await admin.context().close();
}

async function offices(world, size, label, at) {
  const { browser, base, password } = world;
  const see = (page, name) => look(page, `${label}-offices-${name}`);
  const page = await signIn(browser, base, size, "admin", password);
  await departments(page, base, at.county, "establishment", see);
  await establishment(world, page, size, { name: `编办填报员${label}`, login: `bianban.${label}`, unit: at.county, department: "establishment" }, see);
  await transfer(world, page, { name: `王芳${label}`, login: `wangfang.${label}`, unit: at.townships[0], phone: "13912345678" }, at.townships.slice(1), see);
  const absent = { name: `赵村文书${label}`, login: `zhao.${label}`, unit: at.village, year: at.year };
  const deputy = { name: `钱村委员${label}`, login: `qian.${label}`, unit: at.village };
  const own = await leave(world, page, size, absent, deputy, see);
  await deactivation(world, page, own, size, deputy, see);
  for (const one of [page, own]) await one.context().close();
}

export async function office(world) {
  await offices(world, DESKTOP, "desktop", {
    county: "运河区", townships: ["小王庄镇", "南陈屯镇", "小赵庄乡"], village: "吕家坟村村民委员会", year: "2024",
  });
  await offices(world, PHONE, "phone", {
    county: "新华区", townships: ["小赵庄乡", "小王庄镇", "南陈屯镇"], village: "邓官屯村村民委员会", year: "2024",
  });
}

// Ledgers at work: a training of thirty moves the city's figure, a weak party organisation goes from being found to being
// closed, a number that is seen in full is found in the trail, a member with too few households is told from one with enough.
import { entered, speaker } from "../api.mjs";
import { DESKTOP, PHONE, expect, look, open, pick, signIn } from "../browser.mjs";
import { begin, idNumber, save } from "../records.mjs";

const SURNAMES = [..."赵钱孙李周吴郑王冯陈褚卫蒋沈韩"];
const CADRES = SURNAMES.flatMap((surname) => [`${surname}守田`, `${surname}春禾`]);
const COURSE = "村干部能力提升培训班";

/** A figure as the API gives it to the city. */
async function cityFigure(city, metric, period) {
  const { body } = await city("GET", `/metrics/${metric}/explanation?period=${period}`);
  return body.total;
}

/** Waits until the figure is what it should be: records are counted within seconds. */
async function until(read, fits, what) {
  let found = await read();
  for (let turn = 0; turn < 60 && !fits(found); turn += 1) {
    await new Promise((done) => setTimeout(done, 500));
    found = await read();
  }
  expect(fits(found), `${what}: ${JSON.stringify(found)}`);
  return found;
}

/** Thirty cadres of the village stand in their posts; what the city's figure is before anybody is trained. */
async function cadres(base, password) {
  const village = await speaker(base, "village", password);
  const city = await speaker(base, "city", password);
  const before = await cityFigure(city, "M02.trained", "2026");
  for (const name of CADRES) {
    const person = await entered(village, "person", { name });
    await entered(village, "post_holder", { person, post: "villagers_committee", since: "2024-03-01" });
  }
  const posts = (figure) => figure.denominator === before.denominator + CADRES.length;
  const posted = await until(() => cityFigure(city, "M02.trained", "2026"), posts, "thirty people more are to be trained");
  const { unit } = (await village("GET", "/session")).body;
  return { city, posted, unit };
}

/** The township enters the course: most names are pasted, those that are not clear are chosen one by one. */
async function course(page, base) {
  await begin(page, base, "training", "培训台账");
  await page.getByLabel("培训名称").fill(COURSE);
  await page.getByLabel("主办层级").selectOption("乡镇");
  await page.getByLabel("开始日期").fill("2026-10-12");
  await page.getByLabel("结束日期").fill("2026-10-14");
  await page.getByRole("button", { name: "粘贴名单" }).click();
  const dialog = page.getByRole("dialog", { name: "粘贴名单：参训人员" });
  await dialog.getByLabel("名单").fill(`${CADRES.slice(0, 28).join("\n")}\n查无此人`);
  await look(page, "cases-1-paste");
  await dialog.getByRole("button", { name: "查找并加入 29 个" }).click();
  await dialog.getByText("1 个没有找到").waitFor();
  await look(page, "cases-2-pasted");
  await dialog.getByRole("button", { name: "关闭" }).last().click();
  for (const name of CADRES.slice(28)) await pick(page, "参训人员", name);
  await page.getByText("已选 30 条").waitFor();
  await look(page, "cases-3-course");
  await save(page, COURSE);
}

/** The city's figure has moved by thirty; it is opened down to the village's records, and the link restores them. */
async function figure({ browser, base, password }, { city, posted, unit }) {
  const trained = (found) => found.numerator === posted.numerator + CADRES.length;
  await until(() => cityFigure(city, "M02.trained", "2026"), trained, "thirty people more are trained");
  const page = await signIn(browser, base, DESKTOP, "city", password);
  await open(page, base, "figures/M02.trained?period=2026", "数据由来：应训人员轮训率");
  await look(page, "cases-4-city-figure");
  for (let depth = 0; depth < 3; depth += 1) {
    const before = page.url();
    const top = page.getByRole("region", { name: "各单位构成表" }).getByRole("rowheader").first().getByRole("link");
    await top.click();
    await page.waitForURL((url) => url.href !== before);
    await page.waitForFunction(() => !document.querySelector(".zx-waiting"));
  }
  await page.locator(".zx-crumbs [aria-current]", { hasText: unit.name }).waitFor();
  const card = page.getByRole("region", { name: "台账记录", exact: true });
  await card.getByRole("link", { name: "村民委员会委员" }).first().waitFor();
  await card.getByText("计入", { exact: true }).first().waitFor();
  await look(page, "cases-5-village-records");
  await card.getByRole("tab", { name: "分母" }).click();
  await page.waitForURL((url) => url.search.includes("side=denominator"));
  const link = page.url();
  await page.goto(`${base}mine`);
  await page.goto(link);
  await card.getByRole("tab", { name: "分母", selected: true }).waitFor();
  await card.getByRole("link", { name: "村民委员会委员" }).first().click();
  await page.getByRole("heading", { level: 1, name: "任职台账" }).waitFor();
  await page.getByRole("heading", { level: 2, name: "村民委员会委员" }).waitFor();
  const phone = await signIn(browser, base, PHONE, "village", password);
  await open(phone, base, "figures/M02.trained?period=2025", "数据由来：应训人员轮训率");
  await phone.getByText("不计入", { exact: true }).first().waitFor();
  await look(phone, "cases-5-phone-records");
  await phone.context().close();
  await page.context().close();
}

const CASE = "班子不团结，三年没有开展集中议事";

/** What each level does with the case: the account, the act, what it fills in, why; or what it changes. */
const STEPS = [
  ["county", "退回补充", {}, "请补充走访情况"],
  ["township", "重新上报", { 排查日期: "2026-02-20" }],
  ["county", "确定列入", { 县级确定日期: "2026-03-02", 整顿期限: "2026-12-20" }],
  ["county", { 联村县领导: { pick: "郭建国" } }],
  ["township", "报送整顿方案", { 整顿方案: "选派第一书记，调整班子，健全议事制度", 包村乡镇领导: { pick: "马立新" }, 结对单位: "县供销社" }],
  ["county", "审定方案", { 方案审定日期: "2026-03-20" }],
  ["township", "整顿完成报初验", { 整顿成效: "班子调整到位，议事制度运行正常" }],
  ["township", "初验退回", {}, "议事记录不全"],
  ["township", "整顿完成报初验", { 整顿成效: "班子调整到位，议事记录齐全" }],
  ["township", "初验合格报验收", { 乡镇初验日期: "2026-09-01", 乡镇初验意见: "合格" }],
  ["county", "验收合格报销号", { 县级验收日期: "2026-10-10", 县级验收意见: "同意" }],
  ["city", "销号", { 销号日期: "2026-11-05", 跟踪问效至: "2027-11-05" }],
];

/** The township finds a weak organisation; what is not filled in is a warning that is read before the case is kept. */
async function found(page, base, unit) {
  await begin(page, base, "weak_branch", "软弱涣散村党组织整顿台账");
  await pick(page, "所属单位", unit.name);
  await page.getByLabel("主要问题").fill(CASE);
  await page.getByLabel("排查日期").fill("2026-02-10");
  await look(page, "cases-6-form-warned");
  await page.getByRole("button", { name: "保存", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "有需要核对的地方" });
  await dialog.getByText("还没有选择突出问题类别").waitFor();
  await look(page, "cases-7-warning");
  await dialog.getByRole("button", { name: "核对无误，仍然保存" }).click();
  await page.getByText(`已保存：${CASE}`).waitFor();
  await page.getByRole("heading", { level: 2, name: CASE }).waitFor();
  return new URL(page.url()).pathname.slice(1);
}

/** Makes a move in its dialog. */
async function move(page, act, values, why) {
  await page.getByRole("complementary", { name: "记录" }).getByRole("button", { name: act, exact: true }).click();
  const dialog = page.getByRole("dialog", { name: new RegExp(`^${act}：`) });
  for (const [label, value] of Object.entries(values)) {
    if (value.pick) await pick(dialog, label, value.pick);
    else await dialog.getByLabel(label).fill(value);
  }
  if (why) await dialog.getByLabel("原因").fill(why);
  return dialog;
}

/** Fills in fields of the case: what the county alone knows. */
async function changed(page, values) {
  await page.getByRole("complementary", { name: "记录" }).getByRole("link", { name: "修改" }).click();
  await page.getByRole("heading", { level: 1, name: `修改：${CASE}` }).waitFor();
  for (const [label, value] of Object.entries(values)) await pick(page, label, value.pick);
  await page.getByRole("button", { name: "保存", exact: true }).click();
  // The kind of problem is still open: the form says so again.
  await page.getByRole("dialog", { name: "有需要核对的地方" }).getByRole("button", { name: "核对无误，仍然保存" }).click();
  await page.getByText(`已保存：${CASE}`).waitFor();
}

/** From 排查 to 销号, each level with its own account, with two returns on the way. */
async function rectified({ browser, base, password }, unit) {
  const county = await speaker(base, "county", password);
  await entered(county, "person", { name: "郭建国" });
  const township = await speaker(base, "township", password);
  await entered(township, "person", { name: "马立新" });
  const pages = {};
  for (const login of ["township", "county", "city"]) pages[login] = await signIn(browser, base, DESKTOP, login, password);
  const path = await found(pages.township, base, unit);
  for (const [place, [login, act, values, why]] of STEPS.entries()) {
    const page = pages[login];
    await page.goto(`${base}${path}`);
    await page.getByRole("heading", { level: 2, name: CASE }).waitFor();
    if (typeof act === "object") {
      await changed(page, act);
      continue;
    }
    const dialog = await move(page, act, values, why);
    if ([0, 4].includes(place)) await look(page, `cases-8-move-${place}`);
    await dialog.getByRole("button", { name: act, exact: true }).click();
    await page.getByText(`已办理：${act}`).waitFor();
  }
  const panel = pages.city.getByRole("complementary", { name: "记录" });
  await panel.getByText("销号", { exact: true }).first().waitFor();
  expect((await panel.getByRole("button", { name: "销号", exact: true }).count()) === 0, "a closed case is not closed again");
  await panel.getByRole("tab", { name: "历史" }).click();
  await panel.getByText("原因：议事记录不全").waitFor();
  await look(pages.city, "cases-9-closed");
  const phone = await signIn(browser, base, PHONE, "county", password);
  await phone.goto(`${base}${path}`);
  await phone.getByRole("heading", { level: 2, name: CASE }).waitFor();
  await look(phone, "cases-9-phone");
  for (const page of [...Object.values(pages), phone]) await page.context().close();
}

/** A number is seen in full with a reason; the auditor finds who, what and why. */
async function revealed({ browser, base, password }) {
  const why = "核对养老保险登记";
  const number = idNumber("19680315", "207");
  const village = await speaker(base, "village", password);
  const id = await entered(village, "person", { name: "安秋实", id_number: number });
  const page = await signIn(browser, base, DESKTOP, "village", password);
  await open(page, base, `ledgers/person/${id}`, "人员台账");
  const panel = page.getByRole("complementary", { name: "记录" });
  await panel.getByRole("button", { name: "查看完整的身份证号" }).click();
  const ask = page.getByRole("dialog");
  await ask.getByLabel("查看原因").fill(why);
  await ask.getByRole("button", { name: "查看", exact: true }).click();
  await panel.getByText(number).waitFor();
  const auditor = await signIn(browser, base, DESKTOP, "auditor", password);
  await open(auditor, base, "admin/audit?kind=read", "审计");
  const line = auditor.getByRole("row").filter({ hasText: why });
  await line.getByText("查看个人信息").first().waitFor();
  expect((await line.textContent()).includes("village"), "the trail names who saw the number");
  expect(!(await auditor.locator("body").textContent()).includes(number), "the trail does not repeat the number");
  await look(auditor, "cases-10-trail");
  for (const one of [page, auditor]) await one.context().close();
}

/** A member with sixteen households: the first few are too few for the figure, ten are enough, the sixteenth is warned of. */
async function households({ browser, base, password }) {
  const village = await speaker(base, "village", password);
  const { unit } = (await village("GET", "/session")).body;
  const grid = await entered(village, "grid", { name: "东片网格", kind: "natural_village", has_group: false });
  const homes = [];
  for (let number = 1; number <= 16; number += 1) {
    const code = String(number).padStart(3, "0");
    homes.push(await entered(village, "household", { number: code, head: `${SURNAMES[number - 1] ?? "石"}有田`, people: 4, grid }));
  }
  const person = await entered(village, "person", { name: "邢满仓" });
  const joined = { standing: "full", joined_on: "2005-07-01", since: "2005-07-01", away: false, able_to_work: true, able_to_link: true };
  const member = await entered(village, "party_member", { person, ...joined });
  const page = await signIn(browser, base, DESKTOP, "village", password);
  await begin(page, base, "household_link", "党员联系户台账");
  await pick(page, "联系党员", "邢满仓");
  await pick(page, "联系户", "赵有田");
  await page.getByLabel("开始联系日期").fill("2024-01-01");
  await save(page, "赵有田");
  const { body } = await village("GET", `/metrics/M23.members_in_range/explanation?unit=${unit.code}`);
  const path = `figures/M23.members_in_range?period=${body.period}`;
  const records = page.getByRole("region", { name: "党员台账中的有关记录" });
  await open(page, base, path, "数据由来：党员联系户数达标率");
  await records.getByRole("row").filter({ hasText: "邢满仓" }).getByText("不计入", { exact: true }).waitFor();
  await look(page, "cases-11-too-few");
  for (const household of homes.slice(1, 15)) await entered(village, "household_link", { member, household, since: "2024-01-01" });
  await page.reload();
  await records.getByRole("row").filter({ hasText: "邢满仓" }).getByText("计入", { exact: true }).waitFor();
  await begin(page, base, "household_link", "党员联系户台账");
  await pick(page, "联系党员", "邢满仓");
  await pick(page, "联系户", "石有田");
  await page.getByLabel("开始联系日期").fill("2024-02-01");
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await page.getByRole("dialog", { name: "有需要核对的地方" }).getByText("将超过规定上限").waitFor();
  await look(page, "cases-12-too-many");
  await page.context().close();
}

export async function cases(world) {
  const { browser, base, password } = world;
  const state = await cadres(base, password);
  const township = await signIn(browser, base, DESKTOP, "township", password);
  await course(township, base);
  await township.context().close();
  await figure(world, state);
  await rectified(world, state.unit);
  await revealed(world);
  await households(world);
}

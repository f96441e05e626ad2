// Rosters: two thousand people from a sheet, twenty of its rows faulty; a column whose heading is not known is matched by hand;
// a view of a ledger is saved, shared, renamed and removed.
import { speaker } from "../api.mjs";
import { DESKTOP, PHONE, expect, look, open, signIn } from "../browser.mjs";
import { idNumber } from "../records.mjs";
import { commas, drop, workbook } from "../sheet.mjs";

const ROWS = 2000;
const SURNAMES = [..."李王张刘陈杨赵黄周吴"];
const GIVEN = [..."建国志强秀英玉兰德海春生桂芳永福"];

/** Whether a row is one of the twenty, and of which kind. */
const kindOf = (row) => (row % 100 === 37 ? ["digit", "name", "day", "digit"][Math.floor(row / 100) % 4] : "good");

/** A row of the sheet: name, sex, day of birth, identity number, telephone, a remark that no field takes. */
function line(row) {
  const kind = kindOf(row);
  const year = 1950 + (row % 50);
  const day = String(1 + (row % 28)).padStart(2, "0");
  const number = idNumber(`${year}03${day}`, String(row % 1000).padStart(3, "0"));
  const other = number.endsWith("0") ? "1" : "0";
  const surname = SURNAMES[row % 10];
  const name = surname + GIVEN[Math.floor(row / 10) % 16] + GIVEN[Math.floor(row / 160) % 16];
  return [
    kind === "name" ? "" : name, row % 2 ? "男" : "女", kind === "day" ? "不详" : `${year}.3.${Number(day)}`,
    kind === "digit" ? number.slice(0, 17) + other : number, `138${String(row).padStart(8, "0")}`, "2026年普查",
  ];
}

const HEADINGS = ["姓名", "性别", "出生年月", "证件", "联系方式", "来源"];

/** The sheet: a title above the headings, as offices write it. */
const sheet = (rows) => [["某村常住人员花名册", "", "", "", "", ""], HEADINGS, ...Array.from({ length: rows }, (_, row) => line(row))];

async function begin(page, base) {
  await open(page, base, "ledgers/person", "人员台账");
  await page.getByRole("link", { name: "导入", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "导入：人员台账" }).waitFor();
}

/** A count of what was found. */
const count = (page, name) => page.locator(".zx-counts > div").filter({ hasText: name }).locator("dd").textContent();

/** What is no sheet is said of the file as a whole. */
async function unread(page) {
  await page.getByLabel("表格文件").setInputFiles(commas("照片.csv", [["甲", "乙"], ["一", "二"]]));
  await page.getByText("没有找到列名").waitFor();
  await look(page, "rosters-1-unread");
}

/** The trial, of a workbook that is dropped: the column that was not known is matched by hand, by the keyboard, and the faulty rows are listed. */
async function tried(page) {
  await drop(page.locator(".zx-drop"), workbook("花名册.xlsx", sheet(ROWS)));
  const number = page.getByRole("combobox", { name: "“证件”一列对应的填写项" });
  await number.waitFor({ timeout: 120_000 });
  expect((await number.inputValue()) === "", "a heading that is not known is left out at first");
  // A field that another column fills already is told, and nothing can be kept until that is mended.
  const again = page.getByRole("button", { name: "重新核对" });
  await number.selectOption({ label: "姓名（必填）" });
  await page.getByText("“姓名”对应了几列").waitFor();
  expect(await again.isDisabled(), "two columns cannot fill one field");
  await number.selectOption({ label: "身份证号" });
  await look(page, "rosters-2-matched");
  await again.focus();
  await again.press("Enter");
  await page.getByText(/^有问题的 20 行/).waitFor({ timeout: 120_000 });
  expect((await count(page, "表中行数")) === "2,000", `the sheet has ${await count(page, "表中行数")} rows`);
  expect((await count(page, "新增")) === "1,980", `${await count(page, "新增")} are new`);
  expect((await count(page, "有问题")) === "20", `${await count(page, "有问题")} are faulty`);
  const faults = page.getByRole("region", { name: "有问题的行" });
  // Two lines stand above the first row.
  const first = faults.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "第40行", exact: true }) });
  await first.getByText("证件").waitFor();
  await first.getByText("校验位").waitFor();
  expect(!(await page.locator("body").textContent()).includes(idNumber("19500301", "000")), "examples are masked");
  await look(page, "rosters-2-tried");
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "下载清单" }).first().click()]);
  expect(file.suggestedFilename().endsWith("导入问题清单.csv"), `a list of faults, not ${file.suggestedFilename()}`);
  const chunks = [];
  for await (const chunk of await file.createReadStream()) chunks.push(chunk);
  const lines = Buffer.concat(chunks).toString().trim().split("\r\n");
  expect(lines.length === 21, `the list has ${lines.length} lines`);
}

/** The good rows are kept once that is confirmed; the list has them. */
async function kept(page, before) {
  const act = page.getByRole("button", { name: "导入 1,980 行", exact: true });
  await act.focus();
  await act.press("Enter");
  const dialog = page.getByRole("dialog", { name: "导入 1,980 行？" });
  await dialog.getByText("有问题的 20 行不导入").waitFor();
  await look(page, "rosters-3-ask");
  await dialog.getByRole("button", { name: "导入 1,980 行", exact: true }).click();
  await page.getByText("请不要关闭页面").waitFor();
  await page.getByText("已新增 1,980 条，已修改 0 条，有问题的 20 行没有导入").waitFor({ timeout: 120_000 });
  await look(page, "rosters-4-done");
  await page.getByRole("link", { name: "返回人员台账" }).click();
  await page.getByText(`共 ${(before + 1980).toLocaleString("en")} 条`).waitFor();
}

/** Rows of the same sheet, as comma-separated text, change nothing a second time: on a phone. */
async function again({ browser, base, password }) {
  const page = await signIn(browser, base, PHONE, "village", password);
  await begin(page, base);
  await page.getByLabel("表格文件").setInputFiles(commas("花名册.csv", sheet(60)));
  await page.getByRole("combobox", { name: "“证件”一列对应的填写项" }).selectOption({ label: "身份证号" });
  await page.getByRole("button", { name: "重新核对" }).click();
  await page.getByText(/^有问题的 1 行/).waitFor();
  expect((await count(page, "已有相同内容")) === "59", `${await count(page, "已有相同内容")} are known`);
  await page.getByText("没有可导入的行").waitFor();
  await look(page, "rosters-5-phone");
  await page.context().close();
}

/** A view of a ledger: saved and shared by the county, opened by the village by its name, renamed and removed. */
async function views({ browser, base, password }) {
  const county = await signIn(browser, base, DESKTOP, "county", password);
  await open(county, base, "ledgers/person", "人员台账");
  await county.getByRole("combobox", { name: "性别" }).selectOption("女");
  await county.waitForURL((url) => url.search.includes("f.sex=female"));
  await county.getByLabel("按名称查找").fill("李");
  await county.getByLabel("按名称查找").press("Enter");
  await county.waitForURL((url) => url.search.includes("q="));
  await county.getByRole("button", { name: "常用视图" }).click();
  const dialog = county.getByRole("dialog", { name: "常用视图" });
  await dialog.getByLabel("视图名称").fill("李姓女性");
  await dialog.getByRole("combobox", { name: "共享" }).first().selectOption({ label: "本单位及以下" });
  await dialog.getByRole("button", { name: "保存当前视图" }).click();
  await dialog.getByRole("button", { name: "李姓女性" }).waitFor();
  await dialog.getByRole("button", { name: "改名" }).click();
  await dialog.getByLabel("新名称").fill("女性·李姓");
  await dialog.getByRole("button", { name: "保存名称" }).click();
  await dialog.getByRole("button", { name: "女性·李姓" }).waitFor();
  await look(county, "rosters-6-views");
  const village = await signIn(browser, base, DESKTOP, "village", password);
  await open(village, base, "ledgers/post_holder", "任职台账");
  await village.getByRole("button", { name: "常用视图" }).click();
  await village.getByText("还没有常用视图").waitFor();
  await open(village, base, "ledgers/person", "人员台账");
  await village.getByRole("button", { name: "常用视图" }).click();
  await village.getByRole("dialog").getByRole("button", { name: "女性·李姓" }).click();
  await village.waitForURL((url) => url.search.includes("f.sex=female"));
  expect((await village.getByLabel("按名称查找").inputValue()) === "李", "the view looks for the name");
  await village.getByRole("rowheader").first().waitFor();
  const names = await village.locator("tbody").getByRole("rowheader").allTextContents();
  expect(names.every((name) => name.startsWith("李")), `the view shows ${names}`);
  await dialog.getByRole("button", { name: "删除", exact: true }).click();
  await dialog.getByText("还没有常用视图").waitFor();
  for (const page of [county, village]) await page.context().close();
}

/** Who keeps no records is offered no import. */
async function closed({ browser, base, password }) {
  const page = await signIn(browser, base, DESKTOP, "city", password);
  await open(page, base, "ledgers/person", "人员台账");
  expect((await page.getByRole("link", { name: "导入", exact: true }).count()) === 0, "the city does not keep people");
  await open(page, base, "ledgers/person/import", "导入：人员台账");
  await page.getByText("您没有登记这本台账的权限").waitFor();
  await page.context().close();
}

export async function rosters(world) {
  const { browser, base, password } = world;
  const speak = await speaker(base, "village", password);
  const before = (await speak("GET", "/ledgers/person/records?total=true&limit=1")).body.total;
  const page = await signIn(browser, base, DESKTOP, "village", password);
  await begin(page, base);
  await look(page, "rosters-0-begin");
  await unread(page);
  await tried(page);
  await kept(page, before);
  await page.context().close();
  await again(world);
  await views(world);
  await closed(world);
}

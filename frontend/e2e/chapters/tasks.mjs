// Tasks: the city hands M12 down to every village and sees the tree's progress; a village signs, works and reports; the
// township gives it back and approves it; a township asks for more time and gets it.
import { readFileSync } from "node:fs";
import { DESKTOP, PHONE, expect, look, open, signIn } from "../browser.mjs";

const CONTRACT = Buffer.from("%PDF-1.7\n%%EOF\n");

const MATTER = /村级集体经济“5万\+”/;

async function act(page, name, words) {
  await page.getByRole("button", { name, exact: true }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  if (words) await dialog.getByRole("textbox").fill(words);
  await dialog.getByRole("button", { name, exact: true }).click();
  await dialog.waitFor({ state: "detached" });
}

/** The city hands M12 of next year down to all villages. */
async function handDown(page, base) {
  await open(page, base, "tasks?view=tree&matter=M12&period=2027", "任务分解");
  await page.getByText("本期还没有下达").waitFor();
  await look(page, "tasks-1-none");
  await page.getByRole("button", { name: "下达", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: "村" }).check();
  await dialog.getByRole("checkbox", { name: "行政村" }).check();
  await look(page, "tasks-2-whom");
  await dialog.getByRole("button", { name: "下一步" }).click();
  await dialog.getByRole("button", { name: "下一步" }).click();
  await dialog.getByText("请填写完成时限").waitFor();
  await dialog.getByLabel("完成时限").fill("2027-12-20");
  await dialog.getByLabel("添加单位").fill("吕家坟村");
  await dialog.getByRole("option", { name: /吕家坟村村民委员会/ }).first().click();
  await dialog.getByRole("textbox", { name: /^吕家坟村/ }).fill("2027-11-30");
  await dialog.getByLabel("下达说明").fill("请于年底前完成");
  await dialog.getByRole("button", { name: "添加目标值" }).click();
  await dialog.getByLabel("指标").selectOption("M12.income_total");
  await dialog.getByLabel(/^目标值/).fill("50000");
  await dialog.getByLabel("达到时间").fill("2027-12-31");
  await look(page, "tasks-3-what");
  await dialog.getByRole("button", { name: "下一步" }).click();
  await dialog.getByText("将下达 5,842 项任务").waitFor();
  await dialog.getByText("5,646 个村各增加 1 项任务").waitFor();
  await look(page, "tasks-4-check");
  await dialog.getByRole("button", { name: "下达 5,842 项任务" }).click();
  await page.getByText("已下达 5,842 项任务").waitFor();
  await page.reload();
  await page.getByRole("link", { name: "沧县" }).waitFor();
  await look(page, "tasks-5-tree");
}

/** A village's task up to its report. */
async function work(page, base) {
  await open(page, base, "tasks", "任务分解");
  await page.getByRole("link", { name: MATTER }).first().click();
  await page.getByRole("heading", { level: 1, name: MATTER }).waitFor();
  await act(page, "签收");
  await page.getByText("已签收").waitFor();
  await page.getByLabel("进展情况").fill("合作社合同已签，租金年底到账");
  await page.getByLabel("附件").setInputFiles([
    { name: "租赁合同.pdf", mimeType: "application/pdf", buffer: CONTRACT },
    { name: "程序.pdf", mimeType: "application/pdf", buffer: Buffer.from("MZ") },
  ]);
  await page.getByText("已上传").waitFor();
  await page.getByText("文件内容不是pdf格式").waitFor();
  await look(page, "tasks-6-files");
  const keep = page.getByRole("button", { name: "记录进展" });
  expect(await keep.isDisabled(), "a note waits for its files");
  await page.getByRole("button", { name: "移除程序.pdf" }).click();
  await keep.click();
  await page.getByText("进展已记录").waitFor();
  await page.getByRole("button", { name: "租赁合同.pdf", exact: true }).waitFor();
  await act(page, "反馈", "年收入6.2万元，凭证已存乡镇");
  await page.getByText("已反馈").waitFor();
  await look(page, "tasks-6-village");
}

/** The township gives it back once and approves it then. */
async function review(page, base, village) {
  await open(page, base, "tasks", "任务分解");
  const queue = page.getByRole("region", { name: "待审核的反馈" });
  await queue.getByRole("link", { name: MATTER }).click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "租赁合同.pdf", exact: true }).click(),
  ]);
  expect(file.suggestedFilename() === "租赁合同.pdf", `the file's name, not ${file.suggestedFilename()}`);
  expect(readFileSync(await file.path()).equals(CONTRACT), "the file as it was handed in");
  await act(page, "退回重办", "请补充租金到账凭证");
  await page.getByText("已退回重办").waitFor();
  await village.reload();
  await village.getByText("请补充租金到账凭证").waitFor();
  await act(village, "反馈", "到账凭证已补充");
  await page.reload();
  await act(page, "审核通过");
  await act(page, "销号");
  await page.getByText("已销号").waitFor();
  await look(page, "tasks-7-closed");
}

/** The township asks for more time for its own task; the county grants it. */
async function extension(township, county, base) {
  await open(township, base, "tasks", "任务分解");
  const own = township.getByRole("region", { name: "本单位待办任务" });
  await own.getByRole("link", { name: MATTER }).first().click();
  await township.getByRole("button", { name: "申请延期或改派" }).click();
  const ask = township.getByRole("dialog");
  await ask.getByLabel("延期到").fill("2028-01-10");
  await ask.getByRole("button", { name: "提交申请" }).click();
  await ask.getByText("请写明原因").waitFor();
  await ask.getByLabel("原因").fill("两个村的合同明年一月才到期");
  await ask.getByRole("button", { name: "提交申请" }).click();
  await township.getByText("申请已提交，等待批准").waitFor();
  await open(county, base, "tasks", "任务分解");
  const queue = county.getByRole("region", { name: "待批准的申请" });
  await queue.getByRole("link", { name: MATTER }).click();
  await county.getByRole("button", { name: "同意", exact: true }).click();
  const decide = county.getByRole("dialog");
  await decide.getByRole("button", { name: "同意", exact: true }).click();
  await decide.waitFor({ state: "detached" });
  await look(county, "tasks-8-granted");
  await township.reload();
  const due = township.getByRole("region", { name: "任务", exact: true });
  await due.getByText("2028-01-10").waitFor();
  await township.getByText("同意延期").first().waitFor();
}

export async function tasks({ browser, base, password }) {
  const city = await signIn(browser, base, DESKTOP, "city", password);
  await handDown(city, base);
  const village = await signIn(browser, base, PHONE, "village", password);
  await work(village, base);
  const township = await signIn(browser, base, DESKTOP, "township", password);
  await review(township, base, village);
  const county = await signIn(browser, base, PHONE, "county", password);
  await extension(township, county, base);
  await city.reload();
  await city.getByText("办结、销号 1").first().waitFor();
  await open(city, base, "tasks?view=list&matter=M12&state=closed", "任务分解");
  await city.getByRole("link", { name: MATTER }).first().waitFor();
  await look(city, "tasks-9-list");
  for (const page of [city, village, township, county]) await page.context().close();
}

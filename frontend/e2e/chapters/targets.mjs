// Targets: the city tries the same target for every county, sets it with its reason and sees the versions; a county shares a
// total out by a sheet and sees that it adds up.
import { DESKTOP, PHONE, look, open, signIn } from "../browser.mjs";

async function set(page, base) {
  await open(page, base, "targets?metric=M12.reach_50k", "目标值");
  await look(page, "targets-1");
  await page.getByRole("button", { name: "设定目标值" }).click();
  const sheet = page.getByRole("dialog", { name: /设定目标值/ });
  await sheet.getByRole("combobox", { name: "分解方式" }).selectOption("same");
  await sheet.getByLabel("完成时限").fill("2027-12-31");
  await sheet.getByLabel(/每个单位的目标值/).fill("90");
  await sheet.getByRole("button", { name: "试算" }).click();
  await sheet.getByText("请写明依据或原因").waitFor();
  await sheet.getByLabel(/依据或原因/).fill("2027年度工作要点");
  await sheet.getByRole("button", { name: "试算" }).click();
  await sheet.getByText("将设定 19 项").waitFor();
  await look(page, "targets-2-trial");
  await sheet.getByRole("button", { name: "设定 19 项" }).click();
  await page.getByText("已设定 19 项目标值").waitFor();
  await page.getByRole("columnheader", { name: "2027-12-31前" }).waitFor();
  await look(page, "targets-3-set");
  await page.getByRole("button", { name: "版本" }).first().click();
  await page.getByRole("dialog").getByText("2027年度工作要点").waitFor();
  await look(page, "targets-4-versions");
}

/** The county gives two townships their targets from a sheet; a line that is not understood is named. */
async function fromSheet(page, base) {
  await open(page, base, "targets?metric=M12.income_total", "目标值");
  await page.getByRole("button", { name: "设定目标值" }).click();
  const sheet = page.getByRole("dialog", { name: /设定目标值/ });
  await sheet.getByRole("combobox", { name: "分解方式" }).selectOption("sheet");
  await sheet.getByLabel("完成时限").fill("2027-12-31");
  const text = "\uFEFF单位名称,目标值\n小王庄镇,1210000.00\n南陈屯镇,1510000\n没有的镇,1\n";
  await sheet.getByLabel("表格文件").setInputFiles({ name: "目标值.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  await sheet.getByText("已读取 2 行，1 行有问题").waitFor();
  await sheet.getByLabel(/依据或原因/).fill("县委农村工作会议");
  await sheet.getByRole("button", { name: "试算" }).click();
  await sheet.getByText("将设定 2 项").waitFor();
  await look(page, "targets-5-sheet");
  await sheet.getByRole("button", { name: "设定 2 项" }).click();
  await page.getByText("已设定 2 项目标值").waitFor();
  await look(page, "targets-6-phone");
}

export async function targets({ browser, base, password }) {
  const city = await signIn(browser, base, DESKTOP, "city", password);
  await set(city, base);
  const county = await signIn(browser, base, PHONE, "county", password);
  await fromSheet(county, base);
  for (const page of [city, county]) await page.context().close();
}

// A township's day: it fills in for its villages in one table, with a block from a spreadsheet, gives three back with
// reasons, and passes the rest in one act. Then the table once more, on a phone.
import { DESKTOP, PHONE, expect, look, signIn } from "../browser.mjs";

// The first year: no approved figures before it ask for explanations.
const YEAR = "2021";

/** Puts a block into the cell that has the focus, as a spreadsheet does. */
async function paste(page, rows) {
  const text = rows.map((row) => row.join("\t")).join("\r\n");
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.setData("text", text);
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);
}

async function fillIn(page) {
  await page.getByRole("link", { name: "报送" }).filter({ visible: true }).first().click();
  await page.getByRole("combobox", { name: "报送表" }).selectOption("M12");
  await page.getByRole("combobox", { name: "期次" }).selectOption(YEAR);
  await page.getByRole("link", { name: "成批填报" }).click();
  const first = page.locator("input[data-row='0'][data-column='0']");
  await first.waitFor();
  const count = await page.locator(".zx-grid tbody tr").count();
  await first.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  const rows = Array.from({ length: count }, (_, place) => [`${20 + place},000`, "10000", "0", "5000.50", "0"]);
  rows[0][0] = "1000";
  rows[1][0] = "很多";
  await paste(page, rows);
  await page.getByText(`已改 ${count} 行`).waitFor();
  await page.getByRole("button", { name: /处需要处理/ }).click();
  await page.keyboard.type("21000");
  await page.getByRole("button", { name: `提交 ${count} 份` }).waitFor();
  await look(page, "township-1-grid");
  // Figures of a past year name the document that they come from.
  await page.getByRole("button", { name: `提交 ${count} 份` }).click();
  await page.getByText("历史补录须写明来源文件").waitFor();
  await look(page, "township-1-no-source");
  await page.getByRole("textbox", { name: "来源文件" }).fill(`${YEAR}年度村集体收益分配表`);
  await page.getByRole("button", { name: "暂存", exact: true }).click();
  await page.getByText(`已暂存 ${count} 行`).waitFor();
  await page.getByRole("button", { name: `提交 ${count} 份` }).click();
  await page.getByRole("dialog").getByRole("button", { name: `提交 ${count} 份` }).click();
  await page.getByText(`已提交 ${count} 份`).waitFor();
  return count;
}

/** The first time a phrase is typed and kept, then it is chosen; in the end it is removed. */
async function phrase(page, turn) {
  const own = page.getByRole("button", { name: "请附银行流水。", exact: true });
  if (turn === 0) {
    await page.getByRole("button", { name: "情况说明不够具体，请补充。" }).click();
    await page.getByLabel("退回原因").fill("请附银行流水。");
    await page.getByRole("button", { name: "把这句存为我的常用语" }).click();
    await own.waitFor();
  } else {
    await own.click();
    await page.getByRole("button", { name: "请核对金额单位（元、万元）。" }).click();
    expect((await page.getByLabel("退回原因").inputValue()) === "请附银行流水。请核对金额单位（元、万元）。", "phrases are not joined");
  }
  if (turn === 1) await look(page, "township-2-phrases");
  if (turn === 2) {
    await page.getByRole("button", { name: "整理我的常用语" }).click();
    await page.getByRole("button", { name: "删除常用语：请附银行流水。" }).click();
    await own.waitFor({ state: "detached" });
  }
}

async function check(page, base, count) {
  await page.goto(`${base}review?form=M12&period=${YEAR}`);
  await page.getByRole("heading", { name: `待审 ${count} 份` }).waitFor();
  await page.getByRole("columnheader", { name: "同级中位数" }).waitFor();
  await page.locator("td .zx-change-large", { hasText: "相差一半以上" }).first().waitFor();
  await look(page, "township-2-compared");
  let acts = 0;
  for (let turn = 0; turn < 3; turn += 1) {
    await page.getByRole("button", { name: "审核通过" }).waitFor();
    await page.keyboard.press("j");
    await page.getByRole("button", { name: "审核通过" }).waitFor();
    await page.keyboard.press("r");
    await phrase(page, turn);
    await page.getByRole("button", { name: "确认退回" }).click();
    await page.getByRole("heading", { name: `待审 ${count - turn - 1} 份` }).waitFor();
    acts += 1;
  }
  await look(page, "township-2-queue");
  await page.getByRole("button", { name: "通过其余全部" }).click();
  await page.getByRole("dialog").waitFor();
  await look(page, "township-3-rest");
  await page.getByRole("button", { name: `通过 ${count - 3} 份` }).click();
  await page.getByText(`已通过 ${count - 3} 份`).waitFor();
  return acts + 1;
}

export async function township({ browser, base, password }) {
  const page = await signIn(browser, base, DESKTOP, "township", password);
  const count = await fillIn(page);
  expect(count >= 20, `only ${count} villages`);
  const acts = await check(page, base, count);
  console.log(`  a township's day: ${count} villages filled in by one block, 3 returned, ${count - 3} passed, in ${acts} acts`);
  const phone = await signIn(browser, base, PHONE, "township", password);
  await phone.goto(`${base}reports/grid?form=M12&period=${YEAR}`);
  await phone.locator("input[data-row]").first().waitFor();
  await look(phone, "township-4-grid-phone");
}

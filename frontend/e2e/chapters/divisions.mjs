// The tree over time: units renamed, moved, merged, split, ended and reclassified, each seen before it is done, and a
// planned change taken back, at both sizes.
import { DESKTOP, PHONE, expect, look, open, pick, signIn } from "../browser.mjs";

/** A change of one unit, from its page to the record. */
async function change(page, base, { unit, kind, fill, act, said, see, name }) {
  await open(page, base, "admin/units", "单位");
  await page.getByRole("combobox", { name: /查找单位/ }).fill(unit);
  await page.getByRole("option", { name: new RegExp(`^${unit}`) }).first().click();
  await page.getByRole("heading", { level: 2, name: unit }).waitFor();
  await page.getByRole("button", { name: "调整", exact: true }).click();
  const sheet = page.getByRole("dialog", { name: `调整“${unit}”` });
  await sheet.getByRole("radio", { name: new RegExp(`^${kind}`) }).check();
  if (fill) await fill(sheet);
  await see(page, `${name}-1-what`);
  await sheet.getByRole("button", { name: "下一步" }).click();
  await sheet.getByLabel(/生效月份/).fill("2027-01");
  await sheet.getByLabel(/调整依据/).fill("冀民批〔2026〕8号");
  await sheet.getByRole("button", { name: "预览影响" }).click();
  await sheet.locator(".zx-effect").waitFor();
  for (const sentence of said ?? []) await sheet.getByText(sentence).first().waitFor();
  await see(page, `${name}-2-preview`);
  await sheet.getByRole("button", { name: "下一步" }).click();
  const done = sheet.getByRole("button", { name: act ?? kind, exact: true });
  expect(await done.isDisabled(), `${kind} needs the name typed`);
  await sheet.getByLabel(`请输入“${unit}”以确认`).fill(unit);
  await done.click();
  await page.getByText("已办理，2027-01-01 起生效").first().waitFor();
}

async function divisions(world, size, label, at) {
  const { browser, base, password } = world;
  const see = (page, name) => look(page, `${label}-divisions-${name}`);
  const page = await signIn(browser, base, size, "admin", password);
  const steps = [
    { name: "rename", kind: "更名", unit: at.renamed, fill: (sheet) => sheet.getByLabel("新名称").fill("新华里社区居民委员会"), said: ["新华里社区居民委员会"] },
    { name: "move", kind: "改隶", unit: at.moved, fill: (sheet) => pick(sheet, "划归的上级单位", at.to), said: [new RegExp(`${at.to} ›`)] },
    {
      name: "merge", kind: "合并", unit: at.merged[0], said: [/不再设立：/],
      fill: async (sheet) => {
        await pick(sheet, "添加同级单位", at.merged[1]);
        await sheet.getByLabel("合并后的名称（不变的不填）").fill("两村联合村民委员会");
      },
    },
    {
      name: "split", kind: "拆分", unit: at.split,
      fill: async (sheet) => {
        const second = sheet.getByRole("group", { name: "第2个单位" });
        await second.getByLabel("名称").fill("南分村民委员会");
        await second.getByLabel("区划代码").fill(at.code);
      },
    },
    { name: "end", kind: "撤销", unit: at.ended, said: [/不再设立：/] },
    { name: "reclassify", kind: "类别更正", unit: at.reclassified, fill: (sheet) => sheet.getByRole("combobox", { name: "正确类别" }).selectOption({ label: "社区" }) },
  ];
  for (const step of steps) await change(page, base, { ...step, see });
  await page.getByRole("tab", { name: "调整记录" }).click();
  await page.locator("tbody tr", { hasText: "待生效" }).nth(5).waitFor();
  await see(page, "record");
  const row = page.locator("tbody tr", { hasText: at.ended });
  await row.getByRole("button", { name: "查看" }).click();
  await page.getByRole("dialog", { name: "调整内容和影响" }).locator(".zx-effect").waitFor();
  await see(page, "shown");
  await page.keyboard.press("Escape");
  await row.getByRole("button", { name: "撤回" }).click();
  await page.getByLabel(/撤回原因/).fill("暂缓撤销");
  await see(page, "withdraw");
  await page.getByRole("dialog").getByRole("button", { name: "撤回", exact: true }).click();
  await row.filter({ hasText: "已撤回" }).waitFor();
  await page.context().close();
}

export async function tree(world) {
  await divisions(world, DESKTOP, "desktop", {
    renamed: "建北社区居民委员会", moved: "唐庄子村民委员会", to: "小王庄镇", merged: ["顾官屯村民委员会", "鞠官屯村民委员会"],
    split: "吴官屯村民委员会", code: "130902200397", ended: "万庄子村民委员会", reclassified: "赵官屯村民委员会",
  });
  await divisions(world, PHONE, "phone", {
    renamed: "院东社区居民委员会", moved: "代家坟村民委员会", to: "小王庄镇", merged: ["北赵家坟村民委员会", "小代庄村民委员会"],
    split: "张家坟村民委员会", code: "130902200398", ended: "刘表庄村民委员会", reclassified: "孙庄子村民委员会",
  });
}

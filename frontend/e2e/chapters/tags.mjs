// Tags: the city's administrator marks villages, tried first; a hand-down by tag meets just those; a mark is ended.
import { DESKTOP, PHONE, look, open, signIn } from "../browser.mjs";

/** The codes of three villages, as the administrator finds them. */
async function villages(base, password) {
  const ask = async (path, token, body) => {
    const answer = await fetch(`${base}api/v1${path}`, {
      method: body ? "POST" : "GET",
      headers: { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) },
      body: body && JSON.stringify(body),
    });
    return answer.json();
  };
  const session = await ask("/session", undefined, { login: "admin", password });
  const page = await ask("/units?level=village&limit=3", session.access_token);
  return page.items;
}

export async function tags({ browser, base, password }) {
  const three = await villages(base, password);
  const page = await signIn(browser, base, DESKTOP, "admin", password);
  await open(page, base, "admin/tags", "单位标签");
  await page.getByText("没有符合条件的标签").waitFor();
  await look(page, "tags-1-none");
  await page.getByRole("button", { name: "打标签" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "标签" }).selectOption("重点村");
  await dialog.getByLabel("或粘贴单位编码").fill(`${three.map((unit) => unit.code).join("\n")}\n130900000000`);
  await dialog.getByLabel("认定单位").fill("市委组织部");
  await dialog.getByRole("button", { name: "核对" }).click();
  await dialog.getByText("请填写起始日期").waitFor();
  await dialog.getByLabel("起始日期").fill("2026-01-01");
  await dialog.getByRole("button", { name: "核对" }).click();
  await dialog.getByText("共4个单位，其中1个不能打").waitFor();
  await look(page, "tags-2-refused");
  await dialog.getByLabel("或粘贴单位编码").fill(three.map((unit) => unit.code).join("，"));
  await dialog.getByRole("button", { name: "核对" }).click();
  await dialog.getByRole("button", { name: "为3个单位打标签" }).click();
  await page.getByText("已为3个单位打标签").waitFor();
  await page.getByRole("rowheader", { name: three[0].name }).waitFor();
  await look(page, "tags-3-marked");
  await page.getByRole("row", { name: new RegExp(three[0].name) }).getByRole("button", { name: "终止" }).click();
  await dialog.getByLabel("终止日期").fill("2026-01-01");
  await dialog.getByLabel("原因").fill("误打");
  await look(page, "tags-4-end");
  await dialog.getByRole("button", { name: "终止" }).click();
  await page.getByText("标签已终止").waitFor();
  await page.getByRole("rowheader", { name: three[0].name }).waitFor({ state: "detached" });
  const phone = await signIn(browser, base, PHONE, "admin", password);
  await open(phone, base, "admin/tags", "单位标签");
  await phone.getByRole("rowheader", { name: three[1].name }).waitFor();
  await look(phone, "tags-5-phone");

  const city = await signIn(browser, base, DESKTOP, "city", password);
  await open(city, base, "tasks?view=tree&matter=M12&period=2026", "任务分解");
  await city.getByRole("button", { name: "下达", exact: true }).click();
  const sheet = city.getByRole("dialog");
  await sheet.getByRole("radio", { name: "村" }).check();
  await sheet.getByRole("checkbox", { name: "重点村（2个）" }).check();
  await look(city, "tags-6-whom");
  await sheet.getByRole("button", { name: "下一步" }).click();
  await sheet.getByLabel("完成时限").fill("2026-12-20");
  await sheet.getByRole("button", { name: "下一步" }).click();
  await sheet.getByText("2 个村各增加 1 项任务").waitFor();
  await look(city, "tags-7-check");
  for (const one of [page, phone, city]) await one.context().close();
}

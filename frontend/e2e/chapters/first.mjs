// What a browser loads first: reporting without administration. Who opens a page of administration goes on in the whole
// workspace at that page, signed in as before, also where only the token at hand says who he is.
import { DESKTOP, expect, look, visit } from "../browser.mjs";

export async function first({ browser, base, password }) {
  const page = await visit(browser, base, DESKTOP, "admin");
  const loaded = () => page.evaluate(() => performance.getEntriesByType("resource")
    .filter((one) => one.name.endsWith(".wasm")).map((one) => [one.name, one.encodedBodySize]));
  const [one, ...more] = await loaded();
  expect(one && more.length === 0, "the sign-in loads more than one part");
  console.log(`  the first view loads ${(one[1] / 1024).toFixed(0)} KB of wasm`);
  await page.getByLabel("用户名").fill("admin");
  await page.getByLabel("密码").fill(password);
  await page.getByRole("button", { name: "登录" }).click();
  await page.getByRole("heading", { name: "工作台", exact: true }).waitFor();
  // No cookie takes the session up again: the token is handed over.
  await page.context().clearCookies();
  await page.getByRole("link", { name: "用户与授权" }).click();
  await page.getByRole("heading", { level: 1, name: "用户与授权" }).waitFor();
  await page.locator("tbody tr").first().waitFor();
  await look(page, "first-handed-over");
  expect((await loaded()).length <= 2, "a part is loaded twice");
  await page.getByRole("link", { name: "工作台", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "工作台" }).waitFor();
  await page.goBack();
  await page.getByRole("heading", { level: 1, name: "用户与授权" }).waitFor();
  expect((await page.locator(".zx-masthead").count()) === 1, "two workspaces are drawn");
  await page.context().close();
}

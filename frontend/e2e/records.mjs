// Records of ledgers: identity numbers that are made up, the form of a new record.
import { open } from "./browser.mjs";

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** An identity number with its check digit, made up. */
export function idNumber(birth, order) {
  const digits = `130903${birth}${order}`;
  const sum = [...digits].reduce((all, digit, place) => all + Number(digit) * WEIGHTS[place], 0);
  return digits + "10X98765432"[sum % 11];
}

/** Opens the form of a new record. */
export async function begin(page, base, ledger, name) {
  await open(page, base, `ledgers/${ledger}`, name);
  await page.getByRole("link", { name: "新增", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: `新增：${name}` }).waitFor();
}

/** Saves the record whose form is open. */
export async function save(page, name) {
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await page.getByText(`已保存：${name}`).waitFor();
}

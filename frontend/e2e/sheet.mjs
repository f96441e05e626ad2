// Sheets as offices send them: an Excel workbook or comma-separated text, and a file dropped onto a place of the page.
import { strToU8, zipSync } from "fflate";

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml";

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const cell = (text) => `<c t="inlineStr"><is><t>${escaped(text)}</t></is></c>`;
const relation = (kind, target) =>
  `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="r1" Type="${OFFICE}/${kind}" Target="${target}"/></Relationships>`;

/** An Excel workbook of one sheet, every cell a text. */
export function workbook(name, rows) {
  const lines = rows.map((cells) => `<row>${cells.map(cell).join("")}</row>`);
  const parts = {
    "[Content_Types].xml": `${HEAD}<Types xmlns="${PACKAGE}/content-types">`
      + '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
      + `<Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/>`
      + `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPES}.worksheet+xml"/></Types>`,
    "_rels/.rels": relation("officeDocument", "xl/workbook.xml"),
    "xl/workbook.xml": `${HEAD}<workbook xmlns="${SPREADSHEET}" xmlns:r="${OFFICE}"><sheets>`
      + '<sheet name="花名册" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": relation("worksheet", "worksheets/sheet1.xml"),
    "xl/worksheets/sheet1.xml": `${HEAD}<worksheet xmlns="${SPREADSHEET}"><sheetData>${lines.join("")}</sheetData></worksheet>`,
  };
  const bytes = zipSync(Object.fromEntries(Object.entries(parts).map(([path, text]) => [path, strToU8(text)])));
  return { name, mimeType: `${TYPES}.sheet`, buffer: Buffer.from(bytes) };
}

/** Comma-separated text, as Excel saves it. */
export const commas = (name, rows) => ({
  name, mimeType: "text/csv", buffer: Buffer.from(`\ufeff${rows.map((cells) => cells.join(",")).join("\r\n")}\r\n`),
});

/** Drops a file onto a place. */
export async function drop(place, { name, mimeType, buffer }) {
  const carried = await place.page().evaluateHandle(({ name, type, bytes }) => {
    const transfer = new DataTransfer();
    const content = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
    transfer.items.add(new File([content], name, { type }));
    return transfer;
  }, { name, type: mimeType, bytes: buffer.toString("base64") });
  await place.dispatchEvent("dragover", { dataTransfer: carried });
  await place.dispatchEvent("drop", { dataTransfer: carried });
}

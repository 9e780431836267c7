/** The offer to write a text in the GSM-7 alphabet. */
import { expect, it } from "vitest";
import { plainTemplate } from "#app/console/campaigns/compose/plain-text.ts";
import { segmentText } from "#server/domain/messages/segment.ts";

it.each([
  ["Khuyến mãi đặc biệt đến hết Chủ nhật", "Khuyen mai dac biet den het Chu nhat"],
  ["Chào {{tên|bạn}}, giảm 20%", "Chao {{tên|ban}}, giam 20%"],
  ["“Sale” – 50 % …", '"Sale" - 50 % ...'],
  ["Café à Sevilla ñ ü €", "Café à Sevilla ñ ü €"],
  ["Tie\u0302\u0301ng Vie\u0323\u0302t", "Tieng Viet"],
])("writes %s as %s", (text, expected) => {
  expect(plainTemplate(text)).toBe(expected);
});

it("leaves what has no near letter", () => {
  expect(plainTemplate("Привет 🎉")).toBe("Привет 🎉");
});

it("brings a Vietnamese text from two parts to one", () => {
  const text = "PHOTHIN: Chào bạn, giảm 20% tại chi nhánh Cầu Giấy đến hết Chủ nhật này nhé.";
  expect(segmentText(text).parts).toBe(2);
  expect(segmentText(plainTemplate(text))).toMatchObject({ encoding: "gsm7", parts: 1 });
});

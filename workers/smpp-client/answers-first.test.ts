/** Receipts wait for the answers that they belong to, and for nothing else. */
import { expect, it } from "vitest";
import type { PartResult } from "#server/domain/delivery/work.ts";
import { AnswersFirst } from "#workers/smpp-client/answers-first.ts";

const accepted = (...ids: string[]): { parts: PartResult[] } => ({
  parts: ids.map((carrierId, index) => ({ partNumber: index + 1, kind: "accepted", carrierId })),
});
const receipt = (carrierId: string) => ({ receipt: { carrierId } });

function scene() {
  const passed: string[] = [];
  const answers = new AnswersFirst((item: { receipt: { carrierId: string } }) => passed.push(item.receipt.carrierId));
  return { answers, passed };
}

it("passes on at once what no answer under way could belong to", () => {
  const { answers, passed } = scene();
  answers.add(receipt("1"));
  answers.answered(accepted("2"));
  answers.add(receipt("3"));
  expect(passed).toEqual(["1", "3"]);
});

it("keeps a receipt until its answer is written, in whatever notation the carrier writes it, and the order of arrival", () => {
  const { answers, passed } = scene();
  const first = accepted("0000A1", "a2");
  const second = accepted("77");
  answers.answered(first);
  answers.answered(second);
  for (const id of ["A2", "161", "77", "0xa1"]) answers.add(receipt(id));
  expect(passed).toEqual([]);
  answers.written([first]);
  expect(passed).toEqual(["A2", "161", "0xa1"]);
  answers.written([second]);
  expect(passed).toEqual(["A2", "161", "0xa1", "77"]);
  expect(answers.heldCount).toBe(0);
});

it("waits for both of two answers with one id", () => {
  const { answers, passed } = scene();
  answers.answered(accepted("5"));
  answers.answered(accepted("5"));
  answers.add(receipt("5"));
  answers.written([accepted("5")]);
  expect(passed).toEqual([]);
  answers.written([accepted("5")]);
  expect(passed).toEqual(["5"]);
});

it("does not wait for what was refused or lost", () => {
  const { answers, passed } = scene();
  answers.answered({ parts: [{ partNumber: 1, kind: "lost", why: "timeout" }] });
  answers.add(receipt("timeout"));
  expect(passed).toEqual(["timeout"]);
});

/** Contacts: importing lists with exact counts, uploads that break, opt-outs, and what another tenant cannot see. */
import { beforeAll, describe, expect, it } from "vitest";
import { addOptOuts } from "#server/domain/contacts/add-opt-outs.ts";
import { deleteList } from "#server/domain/contacts/delete-list.ts";
import { exportRejectedRows } from "#server/domain/contacts/export-rejected.ts";
import { failStaleImports } from "#server/domain/contacts/fail-stale-imports.ts";
import { getList } from "#server/domain/contacts/get-list.ts";
import { importList } from "#server/domain/contacts/import-list.ts";
import { importOptOuts } from "#server/domain/contacts/import-opt-outs.ts";
import { listLists } from "#server/domain/contacts/list-lists.ts";
import { listOptOuts } from "#server/domain/contacts/list-opt-outs.ts";
import { listRecipients, listRejectedRows } from "#server/domain/contacts/list-recipients.ts";
import { removeOptOuts } from "#server/domain/contacts/remove-opt-outs.ts";
import { renameList } from "#server/domain/contacts/rename-list.ts";
import { loadOperators } from "#server/domain/routing/load-operators.ts";
import { systemClock } from "#server/kernel/clock.ts";
import { jobContext } from "#server/kernel/context.ts";
import { newId, nilId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, makeTree } from "#tests/factories.ts";

const db = await testDatabase();
const job = jobContext({ db, clock: systemClock }, "test", nilId, "test");

beforeAll(async () => {
  await loadOperators(job, [
    { id: "vn-mobifone", country: "VN", name: "MobiFone", mcc: "452", mnc: "01", prefixes: ["8490", "8493"] },
    { id: "vn-viettel", country: "VN", name: "Viettel", mcc: "452", mnc: "04", prefixes: ["8497", "8498"] },
  ]);
});

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 50_000) yield bytes.subarray(at, at + 50_000);
}

const upload = (text: string, over: { id?: string; fields?: string[] } = {}) => ({
  id: over.id ?? newId(),
  name: "Customers",
  fileName: "customers.csv",
  mapping: { phone: "Số điện thoại", fields: over.fields ?? ["Họ tên"] },
  stream: bytesOf(text),
});

const header = "Họ tên,Số điện thoại\n";

/** 10,000 rows: of every hundred 2 are bad, 3 repeat another row, 1 opted out, 1 has no known operator. */
function tenThousandRows(): { text: string; optedOut: string[] } {
  const names = ["Nguyễn Thị Ánh", 'Trần "Bảo", Hà Nội', "Đặng Thuỳ Trâm", "Lê\nVăn Sỹ"];
  const optedOut: string[] = [];
  const lines = Array.from({ length: 10_000 }, (_, i) => {
    const name = `"${names[i % names.length]?.replaceAll('"', '""')}"`;
    const number = `0901${String(i).padStart(6, "0")}`;
    const kind = i % 100;
    if (kind === 1) return `${name},not a number`;
    if (kind === 2) return `${name},8.49E+10`;
    if (kind === 3 || kind === 4 || kind === 5) return `${name},+84 901 ${String(i - kind).padStart(6, "0")}`;
    if (kind === 6) optedOut.push(number);
    if (kind === 7) return `${name},0868${String(i).padStart(6, "0").slice(-5)}1`;
    return `${name},${number}`;
  });
  return { text: `${header}${lines.join("\r\n")}\r\n`, optedOut };
}

describe("importing a list", () => {
  it("counts 10,000 rows exactly and keeps every rejected row with its reason", async () => {
    const tree = await makeTree(db);
    const ctx = contextFor(db, tree.subaccount.id, "sender");
    const { text, optedOut } = tenThousandRows();
    await addOptOuts(ctx, { numbers: optedOut });
    const list = await importList(ctx, upload(text));
    expect(list).toMatchObject({
      status: "ready",
      rowCount: 10_000,
      acceptedCount: 9_300,
      invalidCount: 300,
      duplicateCount: 300,
      optedOutCount: 100,
      fields: ["Họ tên"],
    });
    const known = await getList(ctx, { id: list.id });
    expect(known.rejectedByReason).toEqual({ invalid: 200, duplicate: 300, opted_out: 100, unknown_operator: 100 });
    const first = await listRecipients(ctx, { id: list.id, limit: 3 });
    expect(first.items).toEqual([
      { ordinal: 1, msisdn: "84901000000", operatorId: "vn-mobifone", fields: { "Họ tên": "Nguyễn Thị Ánh" } },
      { ordinal: 2, msisdn: "84901000008", operatorId: "vn-mobifone", fields: { "Họ tên": "Nguyễn Thị Ánh" } },
      { ordinal: 3, msisdn: "84901000009", operatorId: "vn-mobifone", fields: { "Họ tên": 'Trần "Bảo", Hà Nội' } },
    ]);
    const [check] = await db.sql`
      select count(*)::int as rows, count(distinct msisdn)::int as numbers, max(ordinal) as last
      from recipients where list_id = ${list.id}`;
    expect(check).toEqual({ rows: 9_300, numbers: 9_300, last: 9_300 });
    const rejected = await listRejectedRows(ctx, { id: list.id, limit: 7 });
    expect(rejected.items.map((r) => [r.rowNumber, r.reason, r.detail])).toEqual([
      [3, "invalid", null],
      [4, "invalid", "scientific_notation"],
      [5, "duplicate", "row 2"],
      [6, "duplicate", "row 2"],
      [7, "duplicate", "row 2"],
      [8, "opted_out", null],
      [9, "unknown_operator", "84868000071"],
    ]);
  });

  it("returns a finished list when the upload is repeated", async () => {
    const tree = await makeTree(db);
    const ctx = contextFor(db, tree.subaccount.id);
    const id = newId();
    const first = await importList(ctx, upload(`${header}An,0901234567\n`, { id }));
    const again = await importList(ctx, upload(`${header}An,0901234567\nBình,0901234568\n`, { id }));
    expect(again).toEqual(first);
  });

  it("keeps a malformed file as failed with its row, and replaces what it left when it is uploaded again", async () => {
    const tree = await makeTree(db);
    const ctx = contextFor(db, tree.subaccount.id);
    const id = newId();
    const rows = Array.from({ length: 6_000 }, (_, i) => `An,0901${String(i).padStart(6, "0")}`).join("\n");
    await expect(importList(ctx, upload(`${header}${rows}\nBad,"0901\n`, { id }))).rejects.toMatchObject({
      code: "malformed_csv",
      detail: { row: 6_002 },
    });
    const failed = await getList(ctx, { id });
    expect(failed).toMatchObject({
      status: "failed",
      acceptedCount: 5_000,
      failure: expect.stringContaining("Row 6002"),
    });
    const good = await importList(ctx, upload(`${header}An,0901234567\n`, { id }));
    expect(good).toMatchObject({ status: "ready", acceptedCount: 1, rowCount: 1, failure: null });
    expect((await listRecipients(ctx, { id })).items).toHaveLength(1);
  });

  it("keeps a broken upload as failed; a job ends one whose process died", async () => {
    const tree = await makeTree(db);
    const ctx = contextFor(db, tree.subaccount.id);
    const id = newId();
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`${header}An,0901234567\n`);
      throw new Error("aborted");
    }
    await expect(importList(ctx, { ...upload("", { id }), stream: broken() })).rejects.toThrow("aborted");
    expect(await getList(ctx, { id })).toMatchObject({
      status: "failed",
      failure: expect.stringContaining("broke off"),
    });
    await db.sql`update recipient_lists set status = 'importing', progress_at = now() - interval '11 minutes' where id = ${id}`;
    expect(await failStaleImports(job)).toBe(1);
    expect(await failStaleImports(job)).toBe(0);
    await expect(failStaleImports(ctx)).rejects.toMatchObject({ kind: "forbidden" });
  });

  it("lets the newer of two uploads win, and the rows are of one of them", async () => {
    const tree = await makeTree(db);
    const ctx = contextFor(db, tree.subaccount.id);
    const id = newId();
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    async function* slow(): AsyncGenerator<Uint8Array> {
      begin();
      yield Buffer.from(
        `${header}${Array.from({ length: 5_000 }, (_, i) => `Old,0901${String(i).padStart(6, "0")}`).join("\n")}\n`,
      );
      await gate;
      yield Buffer.from("Old,0907654321\n");
    }
    const older = importList(ctx, { ...upload("", { id }), stream: slow() });
    await begun;
    const newer = await importList(ctx, upload(`${header}New,0901234567\n`, { id }));
    release();
    await expect(older).rejects.toMatchObject({ code: "upload_superseded" });
    expect(newer.acceptedCount).toBe(1);
    expect(await getList(ctx, { id })).toMatchObject({ status: "ready", acceptedCount: 1 });
    expect((await listRecipients(ctx, { id })).items.map((r) => r.fields)).toEqual([{ "Họ tên": "New" }]);
  });

  it("refuses a mapping to a column that is not there, rows that do not fit, and a role that may not", async () => {
    const tree = await makeTree(db);
    const ctx = contextFor(db, tree.subaccount.id);
    await expect(importList(ctx, upload(`${header}An,0901234567\n`, { fields: ["City"] }))).rejects.toMatchObject({
      code: "column_not_found",
    });
    const list = await importList(
      ctx,
      upload(`${header}An,0901234567,extra\n${"x".repeat(1_001)},0901234568\nOnly a name\n,'+84901234569\n`),
    );
    const rejected = await listRejectedRows(ctx, { id: list.id });
    expect(rejected.items.map((r) => [r.rowNumber, r.reason, r.detail])).toEqual([
      [2, "malformed", "too_many_columns"],
      [3, "malformed", "field_too_long"],
      [4, "invalid", "empty"],
    ]);
    expect(list.acceptedCount).toBe(1);
    const viewer = contextFor(db, tree.subaccount.id, "viewer");
    await expect(importList(viewer, upload(header))).rejects.toMatchObject({ kind: "forbidden" });
  });

  it("gives the rejected rows as CSV with their values, formulas disarmed", async () => {
    const tree = await makeTree(db);
    const ctx = contextFor(db, tree.subaccount.id);
    const list = await importList(ctx, upload(`${header}An,=1+cmd\nBình,"12,3"\nChi,0901234567\nChi,+84901234567\n`));
    let csv = "";
    for await (const piece of exportRejectedRows(ctx, { id: list.id })) csv += piece;
    expect(csv).toBe(
      '\ufeffrow,value,reason,detail\r\n2,\'=1+cmd,invalid,\r\n3,"12,3",invalid,\r\n5,+84901234567,duplicate,row 4\r\n',
    );
  });
});

describe("lists", () => {
  it("are listed, renamed and deleted by their tenant; a parent may look, nobody else", async () => {
    const tree = await makeTree(db);
    const ctx = contextFor(db, tree.subaccount.id);
    const list = await importList(ctx, upload(`${header}An,0901234567\n`));
    expect((await renameList(ctx, { id: list.id, name: "Tết" })).name).toBe("Tết");
    await renameList(ctx, { id: list.id, name: "Tết" });
    expect((await listLists(ctx, {})).items.map((l) => l.name)).toEqual(["Tết"]);
    const parent = contextFor(db, tree.partner.id);
    expect((await listLists(parent, {})).items).toEqual([]);
    expect((await listLists(parent, { tenantId: tree.subaccount.id })).items).toHaveLength(1);
    expect((await getList(parent, { id: list.id })).id).toBe(list.id);
    await expect(renameList(parent, { id: list.id, name: "Mine" })).rejects.toMatchObject({ code: "list_not_found" });
    for (const who of [tree.sibling, tree.stranger]) {
      const other = contextFor(db, who.id);
      const id = list.id;
      await expect(getList(other, { id })).rejects.toMatchObject({ code: "list_not_found" });
      await expect(listRecipients(other, { id })).rejects.toMatchObject({ code: "list_not_found" });
      await expect(listRejectedRows(other, { id })).rejects.toMatchObject({ code: "list_not_found" });
      await expect(exportRejectedRows(other, { id }).next()).rejects.toMatchObject({ code: "list_not_found" });
      await expect(renameList(other, { id, name: "Mine" })).rejects.toMatchObject({ code: "list_not_found" });
      await expect(deleteList(other, { id })).rejects.toMatchObject({ code: "list_not_found" });
      await expect(listLists(other, { tenantId: tree.subaccount.id })).rejects.toMatchObject({
        code: "tenant_not_found",
      });
      await expect(importList(other, upload(header, { id }))).rejects.toMatchObject({ code: "list_id_taken" });
    }
    const put = (listId: string) => db.sql`
      insert into recipients (list_id, ordinal, tenant_id, msisdn, fields) values (${listId}, 99, ${ctx.tenantId}, '84', '{}')`;
    await put(list.id);
    await expect(db.sql`update recipients set list_id = ${newId()} where list_id = ${list.id}`).rejects.toThrow();
    await deleteList(ctx, { id: list.id });
    await expect(put(list.id)).rejects.toMatchObject({ code: "23503" });
    await expect(deleteList(ctx, { id: list.id })).rejects.toMatchObject({ code: "list_not_found" });
    const [left] = await db.sql`select count(*)::int as rows from recipients where list_id = ${list.id}`;
    expect(left).toEqual({ rows: 0 });
  });
});

describe("opt-outs", () => {
  it("are added, found, imported and removed, each once however often it is asked", async () => {
    const tree = await makeTree(db);
    const ctx = contextFor(db, tree.subaccount.id);
    expect(await addOptOuts(ctx, { numbers: ["0901 234 567", "+84901234567", "0971234567"], note: "call" })).toEqual({
      added: 2,
      known: 0,
    });
    expect(await addOptOuts(ctx, { numbers: ["0901234567"] })).toEqual({ added: 0, known: 1 });
    await expect(addOptOuts(ctx, { numbers: ["0901234568", "12"] })).rejects.toMatchObject({ code: "invalid_numbers" });
    const stream = bytesOf("phone\n0901234567\nxx\n0981234567\n");
    const imported = await importOptOuts(ctx, { fileName: "stop.csv", phone: "phone", stream });
    expect(imported).toEqual({ rows: 3, added: 1, known: 1, invalid: 1, invalidRows: [{ row: 3, value: "xx" }] });
    const page = await listOptOuts(ctx, { limit: 2 });
    expect(page.items.map((o) => [o.msisdn, o.source, o.note])).toEqual([
      ["84901234567", "console", "call"],
      ["84971234567", "console", "call"],
    ]);
    expect(page.total).toBe(3);
    const rest = await listOptOuts(ctx, { cursor: page.nextCursor ?? "" });
    expect(rest.items.map((o) => [o.msisdn, o.source])).toEqual([["84981234567", "file"]]);
    expect((await listOptOuts(ctx, { search: "0981234567" })).items).toHaveLength(1);
    expect((await listOptOuts(ctx, { search: "8497" })).items).toHaveLength(1);
    expect(await removeOptOuts(ctx, { numbers: ["0901234567"] })).toEqual({ removed: 1 });
    expect(await removeOptOuts(ctx, { numbers: ["0901234567"] })).toEqual({ removed: 0 });
  });

  it("stay with their tenant", async () => {
    const tree = await makeTree(db);
    await addOptOuts(contextFor(db, tree.subaccount.id), { numbers: ["0901234567"] });
    const sibling = contextFor(db, tree.sibling.id);
    expect((await listOptOuts(sibling, {})).items).toEqual([]);
    await expect(listOptOuts(sibling, { tenantId: tree.subaccount.id })).rejects.toMatchObject({
      code: "tenant_not_found",
    });
    expect(await removeOptOuts(sibling, { numbers: ["0901234567"] })).toEqual({ removed: 0 });
    const viewer = contextFor(db, tree.subaccount.id, "viewer");
    await expect(addOptOuts(viewer, { numbers: ["0901234567"] })).rejects.toMatchObject({ kind: "forbidden" });
    await expect(removeOptOuts(viewer, { numbers: ["0901234567"] })).rejects.toMatchObject({ kind: "forbidden" });
    const moderator = contextFor(db, tree.subaccount.id, "moderator");
    await expect(listOptOuts(moderator, {})).rejects.toMatchObject({ kind: "forbidden" });
    await expect(listLists(moderator, {})).rejects.toMatchObject({ kind: "forbidden" });
  });
});

/** What callers may send to the contacts room. Pure zod: the console's forms import it. */
import { z } from "zod";
import { countryCode } from "#server/domain/tenants/input.ts";
import { pageInput } from "#server/kernel/paging.ts";

/** Bounds of one file. */
export const fileLimits = {
  rows: 2_000_000,
  columns: 50,
  /** Characters of one field that is kept. */
  fieldChars: 1_000,
  /** Characters of one record: beyond it a quotation mark is missing. */
  recordChars: 65_536,
  bytes: 512 * 1024 * 1024,
} as const;

const listName = z.string().trim().min(1).max(120);
const fileName = z.string().trim().min(1).max(255);
const columnName = z.string().min(1).max(200);

export const importList = z.strictObject({
  /** Chosen by the caller: an upload that broke is started again with the same id. */
  id: z.uuid(),
  name: listName,
  fileName,
  mapping: z.strictObject({
    /** Header of the column with the numbers. */
    phone: columnName,
    /** Headers of the columns kept as variables. */
    fields: z.array(columnName).max(fileLimits.columns),
  }),
  /** Numbers without a country prefix are of this country; the tenant's own when left out. */
  defaultCountry: countryCode.optional(),
});
export type ImportList = z.input<typeof importList>;

export const listId = z.strictObject({ id: z.uuid() });
export type ListId = z.input<typeof listId>;

const ofTenant = {
  /** A tenant in the caller's subtree; the caller's own when left out. */
  tenantId: z.uuid().optional(),
};

export const listLists = pageInput.extend(ofTenant).strict();
export type ListLists = z.input<typeof listLists>;

export const renameList = z.strictObject({ id: z.uuid(), name: listName });
export type RenameList = z.input<typeof renameList>;

/** Rows of a list, by their place in it. */
export const listRows = z.strictObject({
  id: z.uuid(),
  after: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(200).default(50),
});
export type ListRows = z.input<typeof listRows>;

const numbers = z.array(z.string().trim().min(1).max(64)).min(1).max(10_000);

export const addOptOuts = z.strictObject({
  numbers,
  note: z.string().trim().max(300).optional(),
  defaultCountry: countryCode.optional(),
});
export type AddOptOuts = z.input<typeof addOptOuts>;

export const removeOptOuts = z.strictObject({ numbers, defaultCountry: countryCode.optional() });
export type RemoveOptOuts = z.input<typeof removeOptOuts>;

export const listOptOuts = z.strictObject({
  ...ofTenant,
  /** The beginning of a number, with or without its country prefix. */
  search: z.string().trim().max(32).optional(),
  /** The last number of the page before. */
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
  limit: z.number().int().min(1).max(200).default(50),
});
export type ListOptOuts = z.input<typeof listOptOuts>;

export const importOptOuts = z.strictObject({
  fileName,
  /** Header of the column with the numbers. */
  phone: columnName,
  defaultCountry: countryCode.optional(),
});
export type ImportOptOuts = z.input<typeof importOptOuts>;

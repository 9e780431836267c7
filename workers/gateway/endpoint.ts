/** The shape of one API route: it is served, documented and tested from this one description. */
import type { z } from "zod";
import type { Context } from "#server/kernel/context.ts";
import type { Permission } from "#server/kernel/permissions.ts";

export type Call = {
  ctx: Context;
  params: Record<string, string>;
  query: unknown;
  body: unknown;
  /** Of a request header, in any case. */
  header(name: string): string | undefined;
  /** Of the answer, whatever it will be. */
  setHeader(name: string, value: string): void;
};

export type Endpoint = {
  method: "GET" | "POST";
  /** In OpenAPI's notation: /api/v1/messages/{id} */
  path: string;
  operationId: string;
  summary: string;
  /** What a key needs; the verb checks it, the document tells it. */
  scope: Permission;
  query?: z.ZodObject;
  params?: z.ZodObject;
  body?: z.ZodType;
  bodyLimitBytes?: number;
  status: number;
  answer: z.ZodType;
  handle(call: Call): Promise<unknown>;
};

/** The shape of one API route: it is served, documented and tested from this one description. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { Context } from "#server/kernel/context.ts";
import type { Permission } from "#server/kernel/permissions.ts";
import type { Dialect } from "#workers/gateway/dialect.ts";

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
  /** What else the document says of answers, by status. */
  otherAnswers?: Record<number, { description: string }>;
  /** How it speaks, where that is not JSON. */
  dialect?: Dialect;
  handle(call: Call): Promise<unknown>;
};

/** @param ctx of whoever was let in */
export function callOf(request: FastifyRequest, reply: FastifyReply, ctx: Context | undefined, query: unknown): Call {
  if (!ctx) throw new Error("A request reached its handler without a caller.");
  return {
    ctx,
    params: request.params as Record<string, string>,
    query,
    body: request.body,
    header: (name) => [request.headers[name.toLowerCase()]].flat()[0],
    setHeader: (name, value) => void reply.header(name, value),
  };
}

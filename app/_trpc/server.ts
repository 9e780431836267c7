/** The caller for server components: the same procedures as over HTTP, without HTTP. */
import "server-only";
import { cache } from "react";
import { getContext } from "#server/auth/context.ts";
import { createCaller } from "#server/routers/root.ts";

/** `const tenants = await (await api()).tenants.list()` */
export const api = cache(async () => createCaller({ caller: await getContext() }));

/** Errors as the log keeps them: what failed and where, never the values of a query. */

export type LoggedError = {
  type: string;
  message: string;
  stack?: string;
  cause?: LoggedError;
  [detail: string]: unknown;
};

/**
 * The properties that are kept beside. Postgres' `detail`, `hint` and `where`, the driver's `parameters` and `args`, and
 * what an HTTP client remembers of its request hold values of rows and people.
 */
const keptDetails = [
  "code",
  "kind",
  "severity",
  "routine",
  "schema_name",
  "table_name",
  "column_name",
  "constraint_name",
  "query",
  "errno",
  "syscall",
  "address",
  "port",
  "status",
  "statusCode",
  "digest",
];
const deepestCause = 6;

/** For pino's `serializers.err`. What is no error is named by its type only. */
export function loggedError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: "Something else than an error was thrown." };
  const message = withoutValues(error);
  const details = keptDetails.flatMap((name) => {
    const value: unknown = Reflect.get(error, name);
    return typeof value === "string" || typeof value === "number" ? [[name, value]] : [];
  });
  return {
    type: error.name,
    message,
    stack: stackOf(error, message),
    ...Object.fromEntries(details),
    ...(error.cause instanceof Error && depth < deepestCause ? { cause: loggedError(error.cause, depth + 1) } : {}),
    ...(error instanceof AggregateError && depth < deepestCause
      ? { errors: error.errors.slice(0, 5).map((one) => loggedError(one, depth + 1)) }
      : {}),
  };
}

/**
 * Drizzle ends the message of a failed query with all its parameters; Postgres quotes the value that it could not read
 * (class 22), after which comes nothing that is needed.
 */
function withoutValues(error: Error): string {
  const isValueRefused = /^22\w{3}$/.test(String(Reflect.get(error, "code")));
  const message = error.message.replace(/\nparams:[\s\S]*$/, "\nparams: [hidden]");
  return isValueRefused ? message.replace(/"[\s\S]*"/, '"[hidden]"') : message;
}

/** The stack repeats the message, and maybe one that was changed since: then only its places are kept. */
function stackOf(error: Error, message: string): string | undefined {
  const stack = error.stack;
  if (stack === undefined || error.message === message) return stack;
  const start = stack.indexOf(error.message);
  if (start < 0) return undefined;
  return stack.slice(0, start) + message + stack.slice(start + error.message.length);
}

/**
 * Loaded before a program that is not ours (next): ends it when the supervisor dies, so that it does not keep its port.
 * In development next starts a process of its own, which loads this as well and lives on what its parent tells it.
 */
if (process.channel && process.argv[1]?.endsWith("next/dist/bin/next")) {
  process.on("disconnect", () => process.exit(0));
  process.channel.unref();
}

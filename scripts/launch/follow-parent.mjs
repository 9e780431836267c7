/** Loaded before a program that is not ours (next): ends it when its parent dies, so that it does not keep its port. */
if (process.channel) {
  process.on("disconnect", () => process.exit(0));
  // In development next starts a process of its own, which loads this as well and lives on what its parent tells it.
  if (process.argv[1]?.endsWith("next/dist/bin/next")) process.channel.unref();
}

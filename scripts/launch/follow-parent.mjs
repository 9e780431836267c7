/** Loaded before a program that is not ours (next): ends it when the supervisor dies, so that it does not keep its port. */
if (process.channel) {
  process.on("disconnect", () => process.exit(0));
  process.channel.unref();
}

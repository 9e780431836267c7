/** Work goes to the connection that was used last: the fewer of them are busy, the more each finds where it left it. */
import { expect, it } from "vitest";
import { testDatabase } from "#tests/database.ts";

const { asSystem } = await testDatabase();

it("uses one connection where one is enough, however many are open", async () => {
  const pid = () => asSystem(async ({ sql }) => (await sql<{ pid: number }[]>`select pg_backend_pid() as pid`)[0]?.pid);
  const four = 4;
  let here = 0;
  let letGo = () => {};
  const allHere = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const together = await Promise.all(
    Array.from({ length: four }, () =>
      asSystem(async ({ sql }) => {
        const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
        here += 1;
        if (here === four) letGo();
        await allHere;
        return row?.pid;
      }),
    ),
  );
  expect(new Set(together).size).toBe(four);
  const alone = new Set<number | undefined>();
  for (let i = 0; i < 2 * four; i++) alone.add(await pid());
  expect(alone.size).toBe(1);
});

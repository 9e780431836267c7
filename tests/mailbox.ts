/** A real mail server on loopback that keeps what it takes. Start it before env.ts is read. */
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

export type Letter = { from: string; to: string[]; subject: string; source: string };
export type Mailbox = {
  url: string;
  letters: Letter[];
  /** Letters to refuse before the next is taken. */
  refuseNext: number;
  close(): Promise<void>;
};

export async function openMailbox(): Promise<Mailbox> {
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        if (mailbox.refuseNext > 0) {
          mailbox.refuseNext -= 1;
          done(new Error("Mailbox busy"));
          return;
        }
        const { mailFrom, rcptTo } = session.envelope;
        const source = Buffer.concat(chunks).toString("utf8");
        mailbox.letters.push({
          from: mailFrom ? mailFrom.address : "",
          to: rcptTo.map((recipient) => recipient.address),
          subject: /^Subject: (.*)$/m.exec(source)?.[1]?.trim() ?? "",
          source,
        });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", resolve));
  const mailbox: Mailbox = {
    url: `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`,
    letters: [],
    refuseNext: 0,
    close: () => new Promise((resolve) => smtp.close(() => resolve())),
  };
  return mailbox;
}

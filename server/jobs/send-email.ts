/** Sends a queued e-mail, with retries over hours; what the mail server never takes stays readable in the console. */
import { emailQueued } from "#server/domain/notifications/events.ts";
import { failEmail, sendEmail } from "#server/domain/notifications/send-email.ts";
import { inngest } from "#server/jobs/client.ts";
import { jobBase } from "#server/jobs/database.ts";

export const sendEmailJob = inngest.createFunction(
  {
    id: "send-email",
    triggers: [{ event: emailQueued.name }],
    retries: 8,
    concurrency: [{ limit: 4 }],
    onFailure: async ({ event, step }) => {
      const { emailId } = emailQueued.schema.parse(event.data.event.data);
      await step.run("fail", () => failEmail(jobBase(), { emailId }));
    },
  },
  async ({ event, step }) => {
    const { emailId } = emailQueued.schema.parse(event.data);
    await step.run("send", () => sendEmail(jobBase(), { emailId }));
  },
);

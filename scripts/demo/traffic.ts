/** Demo traffic: recipient lists, campaigns and single messages, sent by the engine over SMPP to the built-in carrier. */
import { Readable } from "node:stream";
import type { Database } from "#db/client.ts";
import { ownerOf } from "#scripts/demo/actors.ts";
import { createCampaign } from "#server/domain/campaigns/create.ts";
import { setAudience } from "#server/domain/campaigns/set-audience.ts";
import { submitCampaign } from "#server/domain/campaigns/submit.ts";
import { addOptOuts } from "#server/domain/contacts/add-opt-outs.ts";
import { importList } from "#server/domain/contacts/import-list.ts";
import { submitMessages } from "#server/domain/messages/submit.ts";
import { newId } from "#server/kernel/id.ts";

type Plan = {
  slug: string;
  sender: string;
  country: "VN" | "DE" | "ES";
  recipients: number;
  campaign: string;
  template: string;
  /** Left as a draft, to show one. */
  isDraft?: boolean;
};

const plans: readonly Plan[] = [
  {
    slug: "phothin",
    sender: "PHOTHIN",
    country: "VN",
    recipients: 600,
    campaign: "Khai trương chi nhánh 2",
    template: "PHOTHIN: Chào {{ten|bạn}}, giảm 20% tại chi nhánh Cầu Giấy đến hết Chủ nhật.",
  },
  {
    slug: "phothin",
    sender: "PHO1979",
    country: "VN",
    recipients: 120,
    campaign: "Thực đơn mùa đông",
    template: "PHO1979: {{ten|bạn}} ơi, thực đơn mới đã có.",
    isDraft: true,
  },
  {
    slug: "binhminh",
    sender: "BINHMINHBK",
    country: "VN",
    recipients: 400,
    campaign: "Nhac han the",
    template: "BINHMINHBK: Quy khach {{ten|}} vui long cap nhat giay to truoc 30/11.",
  },
  {
    slug: "choxanh",
    sender: "CHOXANH",
    country: "VN",
    recipients: 250,
    campaign: "Flash sale rau sạch",
    template: "CHOXANH: {{ten|bạn}} nhận mã RAU15 giảm 15% hôm nay.",
  },
  {
    slug: "anhduong",
    sender: "ANHDUONG",
    country: "VN",
    recipients: 620,
    campaign: "Xả kho cuối năm",
    template: "ANHDUONG: xa kho tivi, tu lanh den 28/11. Hotline 19001979.",
  },
  {
    slug: "vietduc",
    sender: "VIETDUC",
    country: "VN",
    recipients: 400,
    campaign: "Họp phụ huynh",
    template: "VIETDUC: Kinh moi phu huynh em {{ten|}} hop luc 8:00 thu Bay.",
  },
  {
    slug: "apotheke",
    sender: "APOTHEKE",
    country: "DE",
    recipients: 180,
    campaign: "Abholung bereit",
    template: "Guten Tag {{ten|}}, Ihre Bestellung liegt bereit. Apotheke am Markt",
  },
  {
    slug: "sevilla",
    sender: "SEVILLA",
    country: "ES",
    recipients: 140,
    campaign: "Noche de tapas",
    template: "Hola {{ten|amigo}}, esta noche tapas 2x1 en Café Sevilla.",
  },
];

const names = [
  "Nguyễn Văn An",
  "Trần Thị Bích",
  "Lê Hoàng",
  "Phạm Quỳnh Anh",
  "Đỗ Minh",
  "Vũ Thảo",
  "Bùi Đức",
  "Jürgen Groß",
  "María Núñez",
  "Hồ Ngọc",
];
const mobile = {
  VN: ["8498", "8491", "8490", "8497", "8493", "8496"],
  DE: ["49151", "49170", "49175"],
  ES: ["34600", "34650"],
} as const;
const subscriberDigits = { VN: 7, DE: 8, ES: 6 } as const;

/** The n-th number of a country; its last four digits stay clear of the carrier's magic numbers but for one in 25. */
export function demoNumber(country: Plan["country"], n: number): string {
  const prefixes = mobile[country];
  const tail = n % 25 === 7 ? `000${1 + (n % 2)}` : String(1_000 + ((n * 7_919) % 9_000));
  const digits = subscriberDigits[country];
  const head = String(n * 37)
    .padStart(digits - 4, "0")
    .slice(-(digits - 4));
  return `${prefixes[n % prefixes.length]}${head}${tail}`;
}

export async function sendTraffic(db: Database, ids: Map<string, string>, senders: Map<string, string>): Promise<void> {
  for (const plan of plans) {
    const tenantId = ids.get(plan.slug) ?? "";
    const ctx = ownerOf(db, tenantId);
    await addOptOuts(ctx, {
      numbers: [demoNumber(plan.country, 11), demoNumber(plan.country, 23)],
      note: "Đã từ chối",
    });
    const listId = newId();
    const mapping = { phone: "phone", fields: ["ten"] };
    await importList(ctx, {
      id: listId,
      name: plan.campaign,
      fileName: `${plan.slug}.csv`,
      mapping,
      stream: Readable.from([Buffer.from(csvOf(plan))]),
    });
    const id = newId();
    await createCampaign(ctx, {
      id,
      name: plan.campaign,
      senderId: senders.get(plan.sender) ?? "",
      template: plan.template,
    });
    await setAudience(ctx, { id, listId });
    if (!plan.isDraft) await submitCampaign(ctx, { id });
  }
  await sendSingles(db, ids);
}

function csvOf(plan: Plan): string {
  const rows = Array.from(
    { length: plan.recipients },
    (_, n) => `${demoNumber(plan.country, n)},${names[n % names.length]}`,
  );
  // Every list has what real files have: a number that is none, a landline's typo, a repeat.
  rows.splice(20, 0, "not a number,Ẩn danh", `${demoNumber(plan.country, 3)},Trùng lặp`, "12,Thiếu số");
  return `phone,ten\n${rows.join("\n")}\n`;
}

async function sendSingles(db: Database, ids: Map<string, string>): Promise<void> {
  const codes = Array.from({ length: 40 }, (_, n) => ({
    id: newId(),
    sender: "BINHMINHBK",
    to: demoNumber("VN", 5_000 + n),
    text: `BINHMINHBK: ma xac thuc cua ban la ${100_000 + n * 7}. Khong chia se ma nay.`,
    class: "otp" as const,
    reference: `otp-${n + 1}`,
  }));
  await submitMessages(ownerOf(db, ids.get("binhminh") ?? ""), { batchId: newId(), source: "http", items: codes });
}

/** The traffic of a run: the API, SMPP clients and campaigns of one sub-account, in tranches, a kill in each. */
import type { Database } from "#db/client.ts";
import { Book } from "#scripts/chaos/book.ts";
import { numberOf } from "#scripts/chaos/carriers.ts";
import { HttpClients } from "#scripts/chaos/http-clients.ts";
import { SmppClients } from "#scripts/chaos/smpp-clients.ts";
import { makeCampaign, until } from "#scripts/load/campaign.ts";
import type { LoadChain } from "#scripts/load/chain.ts";

/** Of a hundred messages: one a request, in lists, over SMPP; the rest goes out as campaigns. */
const shares = { single: 15, listed: 30, smpp: 30 };
const listSize = 50;

export type Asked = { http: string[]; smpp: string[]; campaign: string[] };

export class Traffic {
  readonly book = new Book();
  readonly asked: Asked = { http: [], smpp: [], campaign: [] };
  readonly campaigns: string[] = [];
  private readonly http: HttpClients;
  private readonly smpp: SmppClients;
  private next = 0;
  private forCampaign: string[] = [];

  constructor(
    private readonly db: Database,
    private readonly chain: LoadChain,
    place: { baseUrl: string; smppPort: number },
  ) {
    const { apiKey, sender, systemId, password } = chain;
    this.http = new HttpClients({ baseUrl: place.baseUrl, apiKey, sender }, this.book);
    this.smpp = new SmppClients({ host: "127.0.0.1", port: place.smppPort, systemId, password, sender }, this.book);
  }

  /** So many messages more. @param launches whether what was kept for campaigns goes out now */
  async release(count: number, launches: boolean): Promise<void> {
    const take = (share: number) =>
      Array.from({ length: Math.round((count * share) / 100) }, () => numberOf(this.next++));
    const [single, listed, smpp] = [take(shares.single), take(shares.listed), take(shares.smpp)];
    this.forCampaign.push(...take(100 - shares.single - shares.listed - shares.smpp));
    if (launches && this.forCampaign.length > 0) await this.launch(this.forCampaign.splice(0));
    this.asked.http.push(...single, ...listed);
    this.asked.smpp.push(...smpp);
    this.http.add(single, 1);
    this.http.add(listed, listSize);
    this.smpp.add(smpp);
  }

  /** Until at most so many wait for their answer, or the time is over. */
  async catchUp(most: number, timeoutMs: number): Promise<void> {
    const waiting = () => this.asked.http.length + this.asked.smpp.length - this.book.answeredCount;
    await until("the clients catch up", timeoutMs, async () => waiting() <= most).catch(() => {});
  }

  /** Everything was answered, or will never be. */
  get isIdle(): boolean {
    return this.http.isIdle && this.smpp.isIdle;
  }

  get askedCount(): number {
    return this.asked.http.length + this.asked.smpp.length + this.asked.campaign.length;
  }

  stop(): void {
    this.http.stop();
    this.smpp.stop();
  }

  private async launch(numbers: string[]): Promise<void> {
    const { tenantName, sender } = this.chain;
    const campaign = await makeCampaign(this.db, tenantName, sender, numbers);
    await campaign.submit();
    this.campaigns.push(campaign.id);
    this.asked.campaign.push(...numbers);
  }
}

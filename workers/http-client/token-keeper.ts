/** A partner's OAuth token: asked for when it is needed, kept until shortly before it ends, asked for once at a time. */
import type { HttpDescription } from "#server/domain/routing/http-description.ts";
import { fetchToken } from "#server/domain/routing/http-token.ts";
import type { Guard } from "#server/kernel/outbound.ts";

export class TokenKeeper {
  private kept: { token: string; untilMs: number } | null = null;
  private asking: Promise<string> | null = null;

  constructor(
    private readonly auth: HttpDescription["auth"],
    private readonly secret: string,
    private readonly guard: Guard,
  ) {}

  /** @throws when the partner gives none */
  async get(): Promise<string> {
    if (this.auth.kind !== "oauth") return "";
    if (this.kept && performance.now() < this.kept.untilMs) return this.kept.token;
    this.asking ??= fetchToken(this.auth, this.secret, this.guard)
      .then(({ token, validMs }) => {
        this.kept = { token, untilMs: performance.now() + validMs * 0.9 };
        return token;
      })
      .finally(() => {
        this.asking = null;
      });
    return this.asking;
  }

  /** The partner does not take it any more. */
  drop(): void {
    this.kept = null;
  }
}

/** An entry of an address list, as callers may write it. Pure zod: forms import it. */
import { z } from "zod";

export const ipRange = z.union(
  [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()],
  "Use an address or a CIDR range, for example 203.0.113.0/24.",
);

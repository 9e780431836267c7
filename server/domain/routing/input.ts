/** What callers may send to the routing room. Pure zod: forms import it. */
import { z } from "zod";

const trafficClass = z.enum(["otp", "transactional", "bulk"]);
export const status = z.enum(["enabled", "disabled"]);

/** A host name or an address; no scheme, no port. */
const host = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(
    /^(?:(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*|[0-9a-f:]*:[0-9a-f:.]+)$/,
    "Use a host name or an IP address, without a scheme or a port.",
  );
/** A C-octet string of SMPP 3.4: printable ASCII, one octet less than the field for its terminating zero. */
const ascii = (maxOctets: number) =>
  z
    .string()
    .max(maxOctets)
    .regex(/^[\x20-\x7e]*$/, "Use printable ASCII characters.");

export const connectorFields = {
  name: z.string().trim().min(2).max(80),
  host,
  port: z.number().int().min(1).max(65_535),
  tls: z.boolean(),
  /** SMPP 3.4 section 5.2.1: at most 16 octets with the terminating zero. */
  systemId: ascii(15).min(1),
  systemType: ascii(12),
  bindMode: z.enum(["transceiver", "transmitter_receiver"]),
  bindCount: z.number().int().min(1).max(64),
  windowSize: z.number().int().min(1).max(1_000),
  maxPerSecond: z.number().int().min(0).max(100_000),
  sourceTon: z.number().int().min(0).max(6),
  sourceNpi: z.number().int().min(0).max(18),
  destTon: z.number().int().min(0).max(6),
  destNpi: z.number().int().min(0).max(18),
  gsmDataCoding: z.number().int().min(0).max(255),
  serviceType: ascii(5),
  unknownPolicy: z.enum(["wait", "resend"]),
  responseTimeoutMs: z.number().int().min(500).max(120_000),
  enquireLinkMs: z.number().int().min(1_000).max(600_000),
  receiptTimeoutHours: z.number().int().min(1).max(720),
  maxAttempts: z.number().int().min(1).max(50),
  concatenation: z.enum(["udh8", "udh16", "sar", "payload"]),
  passedTlvs: z
    .array(
      z
        .string()
        .trim()
        .toLowerCase()
        .regex(
          /^(?:source_port|destination_port|0x(?:1[4-9a-f]|[23][0-9a-f])[0-9a-f]{2})$/,
          "Use source_port, destination_port or a vendor's tag from 0x1400 to 0x3fff.",
        ),
    )
    .max(20),
  validityFormat: z.enum(["relative", "absolute", "none"]),
  otpPriority: z.number().int().min(0).max(3),
  failoverAfterSeconds: z.number().int().min(0).max(86_400),
  maxMoves: z.number().int().min(0).max(10),
};
/** SMPP 3.4 section 5.2.2: at most 9 octets with the terminating zero. */
const password = ascii(8);

export const createConnector = z.strictObject({
  id: z.uuid(),
  /** The owner; the caller's own tenant when left out. */
  tenantId: z.uuid().optional(),
  name: connectorFields.name,
  host: connectorFields.host,
  port: connectorFields.port,
  tls: connectorFields.tls.default(false),
  systemId: connectorFields.systemId,
  password,
  systemType: connectorFields.systemType.default(""),
  bindMode: connectorFields.bindMode.default("transceiver"),
  bindCount: connectorFields.bindCount.default(1),
  windowSize: connectorFields.windowSize.default(50),
  maxPerSecond: connectorFields.maxPerSecond.default(0),
  sourceTon: connectorFields.sourceTon.default(5),
  sourceNpi: connectorFields.sourceNpi.default(0),
  destTon: connectorFields.destTon.default(1),
  destNpi: connectorFields.destNpi.default(1),
  gsmDataCoding: connectorFields.gsmDataCoding.default(0),
  serviceType: connectorFields.serviceType.default(""),
  unknownPolicy: connectorFields.unknownPolicy.default("wait"),
  responseTimeoutMs: connectorFields.responseTimeoutMs.default(10_000),
  enquireLinkMs: connectorFields.enquireLinkMs.default(30_000),
  receiptTimeoutHours: connectorFields.receiptTimeoutHours.default(72),
  maxAttempts: connectorFields.maxAttempts.default(5),
  concatenation: connectorFields.concatenation.default("udh8"),
  passedTlvs: connectorFields.passedTlvs.default(["source_port", "destination_port"]),
  validityFormat: connectorFields.validityFormat.default("relative"),
  otpPriority: connectorFields.otpPriority.default(1),
  failoverAfterSeconds: connectorFields.failoverAfterSeconds.default(60),
  maxMoves: connectorFields.maxMoves.default(2),
  status: status.default("enabled"),
});
export type CreateConnector = z.input<typeof createConnector>;

export const updateConnector = z.strictObject({
  id: z.uuid(),
  ...z.object(connectorFields).partial().shape,
  /** Left out or empty = keep the one that is stored. */
  password: password.optional(),
  status: status.optional(),
});
export type UpdateConnector = z.input<typeof updateConnector>;

const errorKind = z.enum(["submit", "receipt"]);
export const errorVerdict = z.enum(["retry_now", "retry_later", "throttle", "failover", "fail"]);
export const errorReason = z.enum([
  "unknown_number",
  "unreachable",
  "barred",
  "not_supported",
  "memory_full",
  "busy",
  "network",
  "blocked",
  "too_late",
  "wrong_settings",
  "other",
]);

/** What a code means, whatever the table said before. A receipt's error ends its message: its verdict is `fail`. */
export const setConnectorError = z
  .strictObject({
    connectorId: z.uuid(),
    kind: errorKind,
    code: z.string().trim().min(1).max(40),
    verdict: errorVerdict,
    /** Shown to people; null leaves the specification's explanation. */
    reason: errorReason.nullable().default(null),
  })
  .refine(({ kind, verdict }) => kind === "submit" || verdict === "fail", {
    path: ["verdict"],
    message: "A receipt is the end of its message: only its reason can be set.",
  });
export type SetConnectorError = z.input<typeof setConnectorError>;

export const clearConnectorError = z.strictObject({
  connectorId: z.uuid(),
  kind: errorKind,
  code: z.string().trim().min(1).max(40),
});
export type ClearConnectorError = z.input<typeof clearConnectorError>;

export const connectorById = z.strictObject({ id: z.uuid() });
export type ConnectorById = z.input<typeof connectorById>;

const routeFields = {
  connectorId: z.uuid(),
  /** Null matches any. */
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .nullable(),
  operatorId: z.string().min(1).max(64).nullable(),
  trafficClass: trafficClass.nullable(),
  priority: z.number().int().min(0).max(10_000),
  weight: z.number().int().min(1).max(1_000),
};

export const createRoute = z.strictObject({
  id: z.uuid(),
  /** The tenant that it serves, with everything below it; the caller's own when left out. */
  tenantId: z.uuid().optional(),
  connectorId: routeFields.connectorId,
  country: routeFields.country.default(null),
  operatorId: routeFields.operatorId.default(null),
  trafficClass: routeFields.trafficClass.default(null),
  priority: routeFields.priority.default(100),
  weight: routeFields.weight.default(1),
  status: status.default("enabled"),
});
export type CreateRoute = z.input<typeof createRoute>;

export const updateRoute = z.strictObject({
  id: z.uuid(),
  ...z.object(routeFields).partial().shape,
  status: status.optional(),
});
export type UpdateRoute = z.input<typeof updateRoute>;

export const routeById = z.strictObject({ id: z.uuid() });
export type RouteById = z.input<typeof routeById>;

/** The numbers of Postgres's advisory locks, in one place so that no two mean the same one. */

export const locks = {
  /** One process migrates. */
  migrate: 726_165,
  /** Written in the migrations: one makes or drops day partitions. */
  partitions: 726_166,
  /** Tests: one makes the template database, one copies it. */
  testTemplate: 726_167,
  testCopy: 726_168,
  /** With the seller's hash: one order at a time gets the next number. */
  orderNumber: 726_169,
  /** One workflow server claims at a time, and one takes in the app's functions. */
  workflowClaim: 726_170,
  workflowSync: 726_171,
  /** Held by the only workflow server there is. */
  workflowAlone: 726_172,
  /** One relay drops old days. */
  dropDays: 726_173,
  /** One machine makes the first tenants. */
  firstRun: 726_174,
  /** With the hash of what is tried and its owner: trials are counted one after another. */
  trials: 726_175,
} as const;

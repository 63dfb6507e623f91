/** What may be done on an account during a call, as the business tells it. */
export const accountEventKinds = [
  'plain-access',
  'address-change',
  'payout',
  'credential-reset',
  'limit-change',
  'device-change',
  'failed-knowledge-check',
] as const;
export type AccountEventKind = (typeof accountEventKinds)[number];

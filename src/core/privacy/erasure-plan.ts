/**
 * What an erasure does with each table that names a customer, in the order in which it is done; the data map and a test hold
 * this against the schema. `kept` holds ids only: the person behind them cannot be found once the customer's row is gone.
 */
export const erasurePlan = [
  {
    table: 'customer_keys',
    act: 'delete',
    why: 'the key goes first: what it sealed is then noise in every copy',
  },
  { table: 'enrolment_stretches', act: 'delete', why: 'speech that waited for the rest of an enrolment' },
  { table: 'voiceprints', act: 'delete', why: 'templates, and what is kept of earlier ones' },
  { table: 'self_service_links', act: 'delete', why: 'ways into the customer page' },
  { table: 'self_service_sessions', act: 'delete', why: 'visits of the customer page: they end at once' },
  { table: 'call_handovers', act: 'delete', why: 'evidence on its way to another process' },
  {
    table: 'account_events',
    act: 'delete',
    why: 'what was done on the account, with the tenant’s reference',
  },
  { table: 'flags', act: 'delete', why: 'suspicions about calls for this customer, their changes and notes' },
  { table: 'call_events', act: 'delete', why: 'what was said of the voice while the customer was claimed' },
  {
    table: 'calls',
    act: 'pseudonymise',
    why: 'that there was a call stays; whose, from where and its result do not',
  },
  {
    table: 'consent_proofs',
    act: 'delete',
    why: 'where the signed consent lies; the chain keeps its salted hash',
  },
  { table: 'objections', act: 'delete', why: 'what the person objected to: nothing is left to stop' },
  {
    table: 'requests',
    act: 'pseudonymise',
    why: 'kinds, dates and answers stay as proof (11 CCR 7101); what people wrote does not',
  },
  { table: 'consents', act: 'kept', why: 'chained ledger of ids: proof of consent, GDPR Art. 7(1)' },
  {
    table: 'legal_holds',
    act: 'kept',
    why: 'that something was held, for which claim and until when: ids and dates',
  },
  { table: 'erasures', act: 'kept', why: 'the receipt: ids, times and counts' },
  {
    table: 'customers',
    act: 'delete',
    why: 'account reference and residence: the only way from an id to the person',
  },
] as const;

type Step = (typeof erasurePlan)[number];
/** Tables of which rows are deleted or pseudonymised. */
export type ErasedTable = Exclude<Step, { readonly act: 'kept' }>['table'];
export type ErasedRows = Readonly<Record<ErasedTable, number>>;

/** Ids are branded so that a CallId never fits where a CustomerId is wanted. All are UUIDs made by Timbre. */
type Branded<Name extends string> = string & { readonly __id: Name };

export type TenantId = Branded<'tenant'>;
export type CallId = Branded<'call'>;
export type CustomerId = Branded<'customer'>;
export type ConsentId = Branded<'consent'>;
export type VoiceprintId = Branded<'voiceprint'>;
export type FlagId = Branded<'flag'>;
export type TokenId = Branded<'token'>;
/** One run of a Timbre process, as others know it by its lease. */
export type ProcessId = Branded<'process'>;
export type KeyId = Branded<'key'>;
export type RequestId = Branded<'request'>;
export type WatchlistId = Branded<'watchlist'>;
export type WatchlistEntryId = Branded<'watchlist-entry'>;
export type SelfServiceLinkId = Branded<'self-service-link'>;
export type SelfServiceSessionId = Branded<'self-service-session'>;

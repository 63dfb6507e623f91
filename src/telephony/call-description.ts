import type { CallDescription } from '../core/calls/intake.js';

type Described = Omit<CallDescription, 'tenantId'>;

/** A call as the rest of Timbre may have it; `claimed` is what the upgrade said, which the protocol's own messages count over. */
export function completed(description: Described, claimed: string | undefined): Described {
  const { externalId, ani, dnis, metadata, streamKey, resumes } = description;
  const claimedCustomer = description.claimedCustomer ?? claimed;
  return {
    ...description,
    externalId: storable(externalId),
    ani: storable(ani),
    dnis: storable(dnis),
    claimedCustomer: storable(claimedCustomer),
    metadata: Object.fromEntries(
      Object.entries(metadata).map(([name, value]) => [storable(name), storable(value)]),
    ),
    ...(streamKey !== undefined && { streamKey: storable(streamKey) }),
    ...(resumes && { resumes: resumes.map(storable) }),
  };
}

/** JSON can spell what no database text holds, NUL and half a surrogate pair: U+FFFD stands in for them. */
function storable<Text extends string | undefined>(text: Text): Text {
  return text?.replaceAll('\0', '\u{FFFD}').replace(/\p{Surrogate}/gu, '\u{FFFD}') as Text;
}

import { chained, handledAs, notPersonal, ordinal, tenant, type TableUse } from '../data-map.types.js';

const consent = handledAs({ activity: 'proof', retention: 'consent', erasure: 'id-leads-nowhere' });
const trace = handledAs({ activity: 'proof', retention: 'audit-log', erasure: 'id-leads-nowhere' });
const staff = { activity: 'access-control', erasure: 'label-changed' } as const;
const signingSystem = notPersonal('Of a system of the business, not a person.');
const noticeWords = notPersonal('Words published to everybody.');

export const ledgerTables: readonly TableUse[] = [
  {
    table: 'consents',
    what: 'The consent ledger: given and withdrawn, append-only and chained.',
    bundle: { in: 'consents' },
    columns: {
      entry_id: ordinal,
      consent_id: consent('identifier', 'Names the consent.'),
      tenant_id: tenant,
      customer_id: consent('identifier', 'Whose consent.'),
      kind: consent('consent', 'Given or withdrawn.'),
      purposes: consent('consent', 'For what.'),
      notice_version: consent('consent', 'Under which notice.'),
      notice_language: consent('consent', 'In which language it was read.'),
      notice_text: noticeWords,
      method: consent('consent', 'How it was given.'),
      given_at: consent('consent', 'When.'),
      valid_until: consent('consent', 'Until when.'),
      proof_sha256: consent('consent', 'Salted hash of where the proof lies.'),
      recorded_at: consent('consent', 'When it was recorded.'),
      recorded_by: consent('staff', 'By which token.', staff),
      seq: ordinal,
      previous_hash: chained,
      hash: chained,
    },
  },
  {
    table: 'consent_proofs',
    what: 'Where a signed consent lies.',
    bundle: { notIn: 'Where the business files a paper that the person has signed.' },
    columns: {
      consent_id: consent('identifier', 'Of which consent.', { erasure: 'proof-deleted' }),
      tenant_id: tenant,
      reference: consent('consent', 'Where the signed consent lies.', { erasure: 'proof-deleted' }),
      salt: notPersonal('Random.'),
      signer_id: notPersonal('Which system of the business signed it.'),
      signed_sha256: consent('consent', 'Hash of the signed consent, which counts once.', {
        erasure: 'proof-deleted',
      }),
    },
  },
  {
    table: 'consent_signers',
    what: 'Whose signatures on consents are taken.',
    bundle: { notIn: 'About the business’s own people and systems.' },
    columns: {
      tenant_id: tenant,
      signer_id: signingSystem,
      name: signingSystem,
      algorithm: signingSystem,
      public_jwk: signingSystem,
      added_at: signingSystem,
      added_by: trace('staff', 'By which token.', staff),
      revoked_at: signingSystem,
    },
  },
  {
    table: 'consent_notices',
    what: 'The words of each version of the notice, in each language.',
    bundle: { notIn: 'About whoever published the notice; its words are with each consent.' },
    columns: {
      tenant_id: tenant,
      version: noticeWords,
      language: noticeWords,
      notice_text: noticeWords,
      purposes: noticeWords,
      asks_again: noticeWords,
      effective_from: noticeWords,
      created_at: noticeWords,
      created_by: trace('staff', 'By which token it was published.', staff),
    },
  },
  {
    table: 'ledger_heads',
    what: 'How far each chain has come.',
    columns: { tenant_id: tenant, ledger: notPersonal('Which chain.'), count: ordinal, hash: chained },
  },
  {
    table: 'fact_cursors',
    what: 'How far each reader that must miss nothing has come in the audit log.',
    columns: { tenant_id: tenant, reader: notPersonal('Which reader.'), seq: ordinal },
  },
  {
    table: 'audit_entries',
    what: 'The audit log: who did what with whose data, append-only and chained.',
    bundle: { in: 'uses' },
    columns: {
      tenant_id: tenant,
      seq: ordinal,
      at: trace('trace', 'When.'),
      action: trace('trace', 'What was done.'),
      by_token: trace('staff', 'By which token.', staff),
      subject_kind: notPersonal('What kind of thing it was done with.'),
      subject_id: trace('trace', 'With whose data, by id.'),
      call_id: trace('trace', 'In which call.'),
      details: trace('trace', 'Ids, counts and words of Timbre’s own.'),
      previous_hash: chained,
      hash: chained,
    },
  },
];

import {
  chained,
  handledAs,
  notPersonal,
  ordinal,
  tenant,
} from '../../../core/privacy/data-map/data-map.types.js';
import { erasing, type StoredTable } from '../../../platform/database/stored-table.js';
import type { ConsentId } from '../../../core/ids.js';
import { readLedger } from './consent-ledger.js';

const consent = handledAs({ activity: 'proof', retention: 'consent', erasure: 'id-leads-nowhere' });
const trace = handledAs({ activity: 'proof', retention: 'audit-log', erasure: 'id-leads-nowhere' });
const staff = { activity: 'access-control', erasure: 'label-changed' } as const;
const signingSystem = notPersonal('Of a system of the business, not a person.');
const noticeWords = notPersonal('Words published to everybody.');
const objection = handledAs({
  activity: 'requests',
  retention: 'customer',
  erasure: 'customer-row-deleted',
});

export const storedConsents: readonly StoredTable[] = [
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
    retained: [
      {
        kind: 'consent-proof',
        from: "(SELECT p.consent_id, g.customer_id, g.recorded_at FROM consent_proofs p JOIN consents g USING (consent_id) WHERE g.kind = 'granted')",
        id: 'consent_id',
        at: 't.recorded_at',
        where: 'true',
        days: ({ retention }) => retention.proofDays,
        facts: async ({ id, customer_id }, em) => ({
          kind: 'consent-proof',
          consentId: id as ConsentId,
          ledger: customer_id === null ? [] : await readLedger(em, customer_id),
        }),
        customer: 't.customer_id',
        remove: ['DELETE FROM consent_proofs WHERE consent_id = ANY($1)'],
        published: {
          data: 'Where the proof of your consent lies',
          activity: 'proof',
          days: ({ retention }) => retention.proofDays,
          period: 'N days after the consent ended',
          endsEarlier: ['You ask for erasure.'],
          destruction: 'proof-deleted',
        },
      },
    ],
    erasure: {
      act: 'delete',
      why: 'where the signed consent lies; the chain keeps its salted hash',
      erase: erasing(
        'DELETE FROM consent_proofs WHERE consent_id IN (SELECT consent_id FROM consents WHERE customer_id = $1)',
      ),
    },
  },
  {
    table: 'objections',
    what: 'What people objected to, limited or took back; the gate reads it.',
    bundle: { in: 'objections' },
    columns: {
      objection_id: objection('identifier', 'Names the objection.'),
      tenant_id: tenant,
      customer_id: objection('identifier', 'Who objected.'),
      request_id: objection('identifier', 'With which request.'),
      kind: objection('request', 'Objection or limit, or that one was taken back.'),
      scopes: objection('request', 'To what.'),
      at: objection('request', 'When.'),
      takes_back: objection('identifier', 'Which one was taken back.'),
    },
    erasure: {
      act: 'delete',
      why: 'what the person objected to: nothing is left to stop',
      erase: erasing('DELETE FROM objections WHERE customer_id = $1'),
    },
  },
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
    erasure: { act: 'kept', why: 'chained ledger of ids: proof of consent, GDPR Art. 7(1)' },
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
];

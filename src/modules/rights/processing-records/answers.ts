import { z } from 'zod';
import { basisSchema, dataMapGapsSchema, tableUseSchema } from '../../../core/privacy/data-map/schemas.js';

export const dataMapViewSchema = z
  .object({
    tables: z.array(tableUseSchema),
    activities: z.object({
      verification: z.object({
        name: z.literal('Voice verification'),
        purpose: z.literal('To check during a call that the caller is the customer they say they are'),
        bases: z.array(basisSchema),
        people: z.tuple([z.literal('customers who consented')]),
        recipients: z.tuple([
          z.literal('agents'),
          z.literal('customer service'),
          z.literal('fraud team'),
          z.literal('the person'),
        ]),
      }),
      enrolment: z.object({
        name: z.literal('Enrolment'),
        purpose: z.literal('To make and keep the voiceprint that verification compares with'),
        bases: z.array(basisSchema),
        people: z.tuple([z.literal('customers who consented')]),
        recipients: z.tuple([z.literal('customer service'), z.literal('the person')]),
      }),
      calls: z.object({
        name: z.literal('Call records'),
        purpose: z.literal(
          'To show the agent who is calling, and to be able to explain each automated result afterwards',
        ),
        bases: z.array(basisSchema),
        people: z.tuple([z.literal('callers'), z.literal('customers a call is claimed for')]),
        recipients: z.tuple([
          z.literal('agents'),
          z.literal('fraud team'),
          z.literal('administrators'),
          z.literal('the person'),
        ]),
      }),
      'fraud-detection': z.object({
        name: z.literal('Fraud detection'),
        purpose: z.literal(
          'To notice calls in which somebody may be misusing a customer’s account, and have people look at them',
        ),
        bases: z.array(basisSchema),
        people: z.tuple([z.literal('callers'), z.literal('customers a call is claimed for')]),
        recipients: z.tuple([z.literal('agents'), z.literal('fraud team'), z.literal('the person')]),
      }),
      watchlist: z.object({
        name: z.literal('Watchlist screening'),
        purpose: z.literal('To notice the voice of somebody who has defrauded the business before'),
        bases: z.tuple([
          z.object({
            law: z.literal('GDPR'),
            article: z.literal('Art. 9(2)(a), (f) or (g)'),
            ground: z.literal('as documented and reviewed for each list; nothing is listed without'),
          }),
          z.object({
            law: z.literal('CCPA'),
            article: z.literal('1798.140(e)(2)'),
            ground: z.literal('security and integrity'),
          }),
          z.object({
            law: z.literal('BIPA'),
            article: z.literal('15(b)'),
            ground: z.literal('the listed person’s own written release only'),
          }),
          z.object({
            law: z.literal('CUBI'),
            article: z.literal('503.001(b)'),
            ground: z.literal('the listed person’s own consent only'),
          }),
          z.object({
            law: z.literal('VCDPA'),
            article: z.literal('59.1-578(A)(5)'),
            ground: z.literal('the listed person’s own consent only'),
          }),
          z.object({
            law: z.literal('CPA'),
            article: z.literal('6-1-1308(7), 6-1-1314'),
            ground: z.literal('the listed person’s own consent only'),
          }),
        ]),
        people: z.tuple([z.literal('people confirmed to have defrauded the business')]),
        recipients: z.tuple([z.literal('fraud team'), z.literal('privacy officer')]),
      }),
      proof: z.object({
        name: z.literal('Proof of consent and of what was done'),
        purpose: z.literal(
          'To be able to show which consent there was, what was done with whose data, and by whom',
        ),
        bases: z.array(basisSchema),
        people: z.tuple([z.literal('customers'), z.literal('the business’s own people')]),
        recipients: z.tuple([
          z.literal('privacy officer'),
          z.literal('auditors'),
          z.literal('supervisory authority'),
          z.literal('the person'),
        ]),
      }),
      requests: z.object({
        name: z.literal('Requests of people about their data'),
        purpose: z.literal(
          'To answer requests for access, copy, correction, erasure, objection and appeal in time',
        ),
        bases: z.tuple([
          z.object({
            law: z.literal('GDPR'),
            article: z.literal('Art. 6(1)(c) with 12 to 22'),
            ground: z.literal('legal obligation to answer'),
          }),
          z.object({
            law: z.literal('CCPA'),
            article: z.literal('1798.130'),
            ground: z.literal('obligation to answer'),
          }),
          z.object({
            law: z.literal('VCDPA'),
            article: z.literal('59.1-577'),
            ground: z.literal('obligation to answer'),
          }),
          z.object({
            law: z.literal('CPA'),
            article: z.literal('6-1-1306'),
            ground: z.literal('obligation to answer'),
          }),
        ]),
        people: z.tuple([z.literal('customers who asked')]),
        recipients: z.tuple([
          z.literal('customer service'),
          z.literal('privacy officer'),
          z.literal('the person'),
        ]),
      }),
      'access-control': z.object({
        name: z.literal('Access control'),
        purpose: z.literal('To let in only whom the business has let in, and to say afterwards who it was'),
        bases: z.tuple([
          z.object({
            law: z.literal('GDPR'),
            article: z.literal('Art. 6(1)(f) with 32'),
            ground: z.literal('legitimate interest and duty: security of processing'),
          }),
        ]),
        people: z.tuple([z.literal('the business’s own people'), z.literal('customers on their own page')]),
        recipients: z.tuple([z.literal('administrators'), z.literal('privacy officer')]),
      }),
    }),
    retentionRules: z.object({
      voiceprint: z.literal(
        'Earliest of: end of consent to enrolment or verification, the policy’s retention.voiceprintDaysAfterLastInteraction, the limit of the customer’s legal packs, retirement of the speaker model. Facts about it: retention.recordDays after its end.',
      ),
      'enrolment-stretch': z.literal(
        'The policy’s enrolment.stretchDays after it was spoken, or the enrolment’s completion.',
      ),
      'held-enrolment': z.literal(
        'The policy’s enrolment.stretchDays after it was made, never after consent, or the second person’s decision.',
      ),
      'watchlist-entry': z.literal(
        'The date given with the entry, at most the policy’s watchlist.entryDaysAtMost.',
      ),
      customer: z.literal(
        'The policy’s retention.customerDays after the last interaction, once nothing of the customer’s voice or calls is kept; at once on erasure.',
      ),
      call: z.literal(
        'The policy’s retention.callDays after the call, or with its flag: retention.flagDays after that one’s last change.',
      ),
      consent: z.literal(
        'As long as the consent has to be shown (GDPR Art. 7(1)); by id alone after an erasure. Where its proof lies: the policy’s retention.proofDays after it ended.',
      ),
      'audit-log': z.literal('As long as the business has to show what was done; by ids alone.'),
      request: z.literal(
        'The policy’s retention.recordDays after the answer; 11 CCR 7101(a) asks for 24 months.',
      ),
      minute: z.literal('One minute.'),
      'customer-page-visit': z.literal(
        'Until the link has expired or the visit is over: minutes, at most an hour.',
      ),
      'with-its-row': z.literal('As long as the row it stands in.'),
      'while-served': z.literal('As long as the business uses Timbre.'),
    }),
    erasurePaths: z.object({
      'key-destroyed': z.literal(
        'The customer’s key is destroyed first: every copy, also in backups, is unreadable from then on. Then the sealed bytes are deleted.',
      ),
      'row-deleted': z.literal('The row is deleted.'),
      tombstone: z.literal(
        'What it describes is destroyed with its key; the facts that stay go with the customer’s row.',
      ),
      'customer-row-deleted': z.literal(
        'The customer’s row is deleted. It alone tells whom an id means: ids elsewhere lead to nobody from then on.',
      ),
      'id-leads-nowhere': z.literal(
        'Stays, by id alone: append-only, as proof. With the customer’s row gone the id leads to nobody.',
      ),
      'words-emptied': z.literal(
        'Emptied: what people wrote goes, dates and kinds stay as proof by id alone.',
      ),
      'proof-deleted': z.literal(
        'The reference is deleted; what stays is a salted hash that vouches for nothing.',
      ),
      'entry-erased': z.literal(
        'The privacy officer erases the entry (its key, then its bytes); an objection asks for that.',
      ),
      'ends-by-itself': z.literal('Gone within a minute by itself, and at once with the customer’s key.'),
      'with-its-row': z.literal('Goes with the row it stands in.'),
      'label-changed': z.literal(
        'The token is revoked. Its id leads to somebody only through the label the business gave it; labels should name an application.',
      ),
    }),
    categories: z.object({
      identifier: z.literal('Identifiers: the customer’s id, the account reference of the business'),
      residence: z.literal('Country or state of residence'),
      biometric: z.literal('Biometric data: voiceprints and embeddings, sealed (GDPR Art. 9(1))'),
      'biometric-key': z.literal('Keys that open biometric data, wrapped'),
      'voiceprint-facts': z.literal(
        'Facts about a voiceprint: when it was made, from how much speech, why it ended',
      ),
      consent: z.literal('Consent given or withdrawn, with the words read out'),
      call: z.literal('Facts about calls: when, by which route, how it ended'),
      number: z.literal('Telephone numbers, as keyed hashes only'),
      decision: z.literal('Automated results of a voice check, with their reasons'),
      'account-activity': z.literal('What was done on the account during a call'),
      suspicion: z.literal('Suspicions of fraud, their reasons and reviews'),
      request: z.literal('Requests about a person’s rights, and their answers'),
      trace: z.literal('Record that something was done with a person’s data, by ids alone'),
      staff: z.literal('Who of the business’s own people, or which of its applications, did something'),
    }),
    comparedWithDatabase: dataMapGapsSchema.describe(
      'Where map and database differ: all three empty, or somebody has changed the database by hand.',
    ),
  })
  .meta({ id: 'DataMapView', description: 'The whole map with the words that its ids stand for.' });

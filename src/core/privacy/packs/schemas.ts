import { z } from 'zod';
import { consentKinds, documentedGrounds, noticeItems, ruleNames } from './pack.js';
import { consentMethods } from '../consent.js';

export const basisRuleSchema = z
  .object({
    consent: z.enum(consentKinds),
    methods: z.array(z.enum(consentMethods)).describe('How it may have been given.'),
    article: z.string(),
    note: z.string().optional(),
  })
  .meta({ id: 'BasisRule' });

export const noticeRuleSchema = z
  .object({
    contents: z.array(z.enum(noticeItems)),
    inWriting: z.boolean().describe('Hearing it is not enough.'),
    article: z.string(),
    note: z.string().optional(),
  })
  .meta({ id: 'NoticeRule' });

export const withdrawalRuleSchema = z
  .object({
    effect: z
      .enum(['stops', 'limits'])
      .describe(
        '`stops`: consent is withdrawn and processing ends; `limits`: the use of sensitive data can be limited.',
      ),
    article: z.string(),
    note: z.string().optional(),
  })
  .meta({ id: 'WithdrawalRule' });

export const periodSchema = z
  .union([
    z.object({ hours: z.number() }),
    z.object({ days: z.number() }),
    z.object({ businessDays: z.number() }),
    z.object({ months: z.number() }),
  ])
  .meta({ id: 'Period', description: 'A time as a law gives it.' });

export const renewalRuleSchema = z
  .object({ afterLastInteraction: periodSchema, article: z.string(), note: z.string().optional() })
  .meta({
    id: 'RenewalRule',
    description:
      'Consent no longer counts this long after the person was last dealt with: it must be asked for again.',
  });

export const retentionLimitSchema = z
  .union([
    z.object({
      article: z.string(),
      note: z.string().optional(),
      from: z.literal('purpose-met'),
      period: periodSchema,
    }),
    z.object({
      article: z.string(),
      note: z.string().optional(),
      from: z.literal('last-interaction'),
      period: periodSchema,
    }),
    z.object({
      article: z.string(),
      note: z.string().optional(),
      from: z.literal('found-unneeded'),
      period: periodSchema,
      reviewEvery: periodSchema,
    }),
  ])
  .meta({ id: 'RetentionLimit' });

export const ruledSchema = z.object({ article: z.string(), note: z.string().optional() }).meta({
  id: 'Ruled',
  description: 'Every rule names where it stands in the law, and may have a word for counsel.',
});

export const saleRuleSchema = z
  .object({ article: z.string(), note: z.string().optional(), sale: z.enum(['forbidden', 'opt-out']) })
  .meta({ id: 'SaleRule' });

export const childrenRuleSchema = z
  .object({
    ownConsentFromAge: z
      .number()
      .describe('Younger persons cannot agree by themselves: a parent or guardian does.'),
    article: z.string(),
    note: z.string().optional(),
  })
  .meta({ id: 'ChildrenRule' });

export const ownCallersRuleSchema = z
  .object({ mayBeMeasured: z.boolean(), article: z.string(), note: z.string().optional() })
  .meta({ id: 'OwnCallersRule' });

export const watchlistRuleSchema = z
  .object({
    groundsWithoutConsent: z
      .array(z.enum(documentedGrounds))
      .describe("None: only with the person's own consent or release."),
    article: z.string(),
    note: z.string().optional(),
  })
  .meta({ id: 'WatchlistRule' });

export const proofRuleSchema = z
  .object({ keepAtLeast: periodSchema.nullable(), article: z.string(), note: z.string().optional() })
  .meta({ id: 'ProofRule' });

export const breachRuleSchema = z
  .object({
    tellAuthorityWithin: periodSchema.nullable(),
    tellPersonsWithin: z
      .union([
        z.literal('undue-delay'),
        z.object({ hours: z.number() }),
        z.object({ days: z.number() }),
        z.object({ businessDays: z.number() }),
        z.object({ months: z.number() }),
      ])
      .describe('`undue-delay`: without it, no number given.'),
    article: z.string(),
    note: z.string().optional(),
  })
  .meta({ id: 'BreachRule' });

export const requestRuleSchema = z
  .object({
    answerWithin: periodSchema,
    extension: periodSchema
      .nullable()
      .describe('On top, with the reason told to the person within the first period; null: none.'),
    confirmReceiptWithin: periodSchema.nullable(),
    article: z.string(),
    note: z.string().optional(),
  })
  .meta({ id: 'RequestRule' });

export const packRulesSchema = z
  .object({
    basis: basisRuleSchema,
    notice: noticeRuleSchema,
    withdrawal: withdrawalRuleSchema.nullable(),
    renewal: renewalRuleSchema.nullable(),
    retention: z.array(retentionLimitSchema),
    publicPolicy: ruledSchema.nullable(),
    optOutSignal: ruledSchema.nullable(),
    automatedDecisions: ruledSchema.nullable(),
    sale: saleRuleSchema.nullable(),
    children: childrenRuleSchema.nullable(),
    watchlist: watchlistRuleSchema,
    ownCallers: ownCallersRuleSchema,
    proof: proofRuleSchema.nullable(),
    breach: breachRuleSchema.nullable(),
    access: requestRuleSchema.nullable(),
    portability: requestRuleSchema.nullable(),
    correction: requestRuleSchema.nullable(),
    erasure: requestRuleSchema.nullable(),
    objection: requestRuleSchema.nullable(),
    limit: requestRuleSchema.nullable(),
    appeal: requestRuleSchema.nullable(),
  })
  .meta({
    id: 'PackRules',
    description: 'Null: the law has no such rule. Lists hold all that apply at once.',
  });

export const rulingSchema = z
  .object({
    packId: z.enum(['gdpr', 'ccpa', 'vcdpa', 'cpa', 'bipa', 'cubi', 'timbre', 'policy']),
    rule: z.enum(ruleNames),
    article: z.string(),
  })
  .meta({
    id: 'Ruling',
    description:
      "Which rule of which pack decided. `timbre`: what the product does whatever the law; `policy`: the tenant's own policy.",
  });

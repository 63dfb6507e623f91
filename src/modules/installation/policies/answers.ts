import { z } from 'zod';
import { packIds } from '../../../core/privacy/packs/pack.js';
import { packRulesSchema } from '../../../core/privacy/packs/schemas.js';
import { policySchema } from '../../../core/policy/policy.js';

export const packViewSchema = z
  .object({
    enabled: z
      .boolean()
      .describe(
        'Switched on: it protects those whose residence it covers, and those whose residence is not known.',
      ),
    everywhere: z.boolean().describe('Protects every customer, wherever they live.'),
    packId: z.enum(packIds),
    name: z.string(),
    citation: z.string(),
    version: z
      .string()
      .describe(
        'The day on which the rules were last compared with the law. A change of a rule is a new version.',
      ),
    territories: z
      .array(z.string())
      .describe('ISO 3166-1 countries and 3166-2 states whose residents it protects.'),
    exemptions: z
      .array(z.string())
      .describe(
        'Whom the law leaves out though they live there: for counsel to weigh, never applied by itself.',
      ),
    rules: packRulesSchema,
  })
  .meta({ id: 'PackView' });

export const legalPacksListAnswer = z.object({ policyVersion: z.number(), packs: z.array(packViewSchema) });

export const toldBySchema = z
  .object({
    packId: z.enum(packIds),
    article: z.string(),
    tellAuthorityBy: z.string().nullable().describe('Null: the pack names no authority to tell.'),
    tellPersonsBy: z.string().nullable().describe('Null: without undue delay, no date.'),
    note: z.string().nullable(),
  })
  .meta({ id: 'ToldBy' });

export const legalPacksBreachAnswer = z.object({ knownAt: z.iso.datetime(), laws: z.array(toldBySchema) });

export const policyAnswer = policySchema
  .extend({ version: z.number() })
  .meta({ id: 'Policy', description: 'The document in force, with its version.' });

export const policyVersionViewSchema = z
  .object({
    version: z.number(),
    createdAt: z.iso.datetime().nullable(),
    createdBy: z.string().nullable(),
    document: policySchema,
  })
  .meta({ id: 'PolicyVersionView' });

export const policiesVersionsAnswer = z.object({ versions: z.array(policyVersionViewSchema) });

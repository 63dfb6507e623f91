import { z } from 'zod';

export const credentialSummarySchema = z
  .union([
    z.object({
      credentialId: z.string(),
      createdAt: z.iso.datetime(),
      protocol: z.literal('twilio'),
      accountSid: z.string(),
    }),
    z.object({
      credentialId: z.string(),
      createdAt: z.iso.datetime(),
      protocol: z.literal('audiohook'),
      apiKey: z.string(),
    }),
    z.object({
      credentialId: z.string(),
      createdAt: z.iso.datetime(),
      protocol: z.literal('kinesis'),
      roleArn: z.string(),
    }),
  ])
  .meta({
    id: 'CredentialSummary',
    description: 'What a credential is called; its secret is never given back.',
  });

export const telephonyCredentialsListAnswer = z.object({ credentials: z.array(credentialSummarySchema) });

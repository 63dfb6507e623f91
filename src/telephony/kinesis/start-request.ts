import { z } from 'zod';

/** arn:aws:kinesisvideo:us-east-1:111122223333:stream/name/1700000000000; its region is where it is read. */
const streamArn = z
  .string()
  .max(512)
  .regex(
    /^arn:aws[a-z-]*:kinesisvideo:[a-z]{2}(?:-[a-z]+)+-\d{1,2}:\d{12}:stream\/[a-zA-Z0-9_.-]{1,256}\/\d{1,20}$/,
    'the ARN of a Kinesis video stream',
  );

const optionalText = z.string('text').max(256, 'at most 256 characters').optional();

/** What tells Timbre to listen to a call whose audio an AWS service writes into a Kinesis video stream; docs/integration/amazon-connect.md. */
export const startRequest = z
  .strictObject({
    streamArn,
    contactId: z.string('the id of the contact, or of the transaction').min(1).max(256),
    startTimestampMs: z
      .int('milliseconds since 1970, as StartTimestamp')
      .positive('milliseconds since 1970, as StartTimestamp')
      .optional(),
    /** 47 digits: no number holds them. */
    startFragmentNumber: z
      .string('text, as StartFragmentNumber')
      .regex(/^\d{1,128}$/, 'digits, as StartFragmentNumber')
      .optional(),
    customerId: optionalText,
    ani: optionalText,
    dnis: optionalText,
    direction: z.enum(['inbound', 'outbound'], 'inbound or outbound').optional(),
    attestation: z.enum(['A', 'B', 'C', 'failed'], 'A, B, C or failed').optional(),
    metadata: z
      .record(z.string().max(64, 'names of at most 64 characters'), z.string('text').max(256))
      .refine((fields) => Object.keys(fields).length <= 32, 'at most 32 entries')
      .optional(),
  })
  .meta({
    example: {
      streamArn: 'arn:aws:kinesisvideo:us-east-1:111122223333:stream/demo-contact-ab/1700000000000',
      contactId: '7b1c0c44-5e0b-4d1c-9a55-2f4be2f1a001',
      startTimestampMs: 1_700_000_000_000,
      ani: '+12025550142',
      customerId: 'ACC-1',
    },
  });
export type StartRequest = z.output<typeof startRequest>;

export function regionOf(arn: string): string {
  return arn.split(':')[3] ?? '';
}

import { z } from 'zod';
import { verificationResultSchema } from '../speaker/schemas.js';

export const attestationSchema = z.enum(['A', 'B', 'C', 'failed']).meta({
  id: 'Attestation',
  description:
    'What the network vouches for of the number (STIR/SHAKEN, ATIS-1000074): the level, or that verification failed.',
});

export const agentStateSchema = z
  .enum([
    'not-enrolled',
    'verified',
    'not-verified',
    'not-sure-yet',
    'no-voice-check',
    'voiceprint-expired',
    'high-risk',
  ])
  .meta({
    id: 'AgentState',
    description:
      'The seven things an agent can see (docs/decisions.md), each with its reason in words and the step to take.',
  });

export const agentViewSchema = z
  .object({
    state: agentStateSchema,
    title: z.string(),
    reason: z.string(),
    nextStep: z.string(),
    progress: z
      .object({ netSpeechMs: z.number(), neededMs: z.number() })
      .nullable()
      .describe('Net speech collected of what a decision needs; null when no speech is being collected.'),
  })
  .meta({ id: 'AgentView' });

export const audioAccountSchema = z
  .object({
    receivedMs: z.number(),
    analysedMs: z.number(),
    droppedMs: z.number().describe('Dropped because the engine could not keep up (oldest first).'),
    lostMs: z.number().describe('Missing in the stream itself.'),
    withheldMs: z
      .number()
      .describe('Discarded unprocessed: no consent, or older than the wait for a claim allows.'),
  })
  .meta({
    id: 'AudioAccount',
    description: "Where the call's audio went: what was received, and what of it was not analysed and why.",
  });

export const firstDecisionSchema = z
  .object({
    state: z.enum(['accepted', 'rejected', 'inconclusive']),
    netSpeechMs: z.number(),
    streamMs: z.number().describe('Stream time at the end of the speech it rests on.'),
    latencyMs: z.number().describe('From the arrival of the last audio it needed to the decision.'),
  })
  .meta({ id: 'FirstDecision' });

export const callResultSchema = z
  .object({
    callId: z.uuid(),
    externalId: z.string().nullable(),
    at: z.iso.datetime(),
    claimedCustomerId: z.uuid().nullable(),
    verification: verificationResultSchema,
    agent: agentViewSchema,
    channels: z
      .enum(['caller', 'separate', 'mixed'])
      .optional()
      .describe(
        'The caller alone, the caller beside the agent, or both in one: mixed decides less. Absent in results stored before it was told.',
      ),
    audio: audioAccountSchema,
    firstDecision: firstDecisionSchema
      .nullable()
      .describe('How soon the voice was first decided on for this claim; null until it is.'),
  })
  .meta({
    id: 'CallResult',
    description:
      'What is known of a call now. Streamed to sockets, the live feed and the event log; holds no number, audio or embedding.',
  });

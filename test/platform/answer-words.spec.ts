import { describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import type { AgentState } from '../../src/core/calls/agent-view.js';
import type { agentStateSchema } from '../../src/core/calls/schemas.js';
import type { ReasonCode } from '../../src/core/risk/risk-reason.js';
import type { reasonCodeSchema } from '../../src/core/risk/schemas.js';
import type {
  qualityNoteSchema,
  verificationReasonSchema,
  verificationStateSchema,
} from '../../src/core/speaker/schemas.js';
import type {
  QualityNote,
  VerificationReason,
  VerificationState,
} from '../../src/core/speaker/verification.js';

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** Each line fails to compile when a word is added that the API description does not know. */
const held = {
  agentState: true satisfies Same<AgentState, z.output<typeof agentStateSchema>>,
  reasonCode: true satisfies Same<ReasonCode, z.output<typeof reasonCodeSchema>>,
  quality: true satisfies Same<QualityNote, z.output<typeof qualityNoteSchema>>,
  state: true satisfies Same<VerificationState, z.output<typeof verificationStateSchema>>,
  reason: true satisfies Same<VerificationReason, z.output<typeof verificationReasonSchema>>,
};

describe('the words of the API description', () => {
  it("are the server's, as tsc says", () => {
    expect(Object.values(held)).not.toContain(false);
  });
});

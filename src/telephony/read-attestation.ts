import type { Attestation } from '../core/calls/intake.js';
import { attestationOf } from './attestation.js';

/** A verstat that failed, or Asterisk's STIR_SHAKEN(0,verify_result): "Signature failed", "Verification mismatch", invalid_… */
const failed = /fail|mismatch|invalid/i;

/** STIR/SHAKEN in the words an integrator has at hand: a level, a verstat, or both; a failure in either counts over a level. */
export function readAttestation(level = '', verstat = '', plainPass?: Attestation): Attestation | undefined {
  if (failed.test(level) || failed.test(verstat)) return 'failed';
  const letter = level.toUpperCase();
  if (letter === 'A' || letter === 'B' || letter === 'C') return letter;
  return attestationOf(level, plainPass) ?? attestationOf(verstat, plainPass);
}

import { expect, it } from '@jest/globals';

import { attestationOf } from './attestation.js';

it('gives a pass without a letter the level that the platform means by it', () => {
  // https://developers.telnyx.com/docs/voice/stir-shaken/sip-header-parameters
  expect(attestationOf('TN-Validation-Passed', 'A')).toBe('A');
  expect(attestationOf('TN-Validation-Passed-C', 'A')).toBe('C');
  expect(attestationOf('TN-Validation-Failed', 'A')).toBe('failed');
  expect(attestationOf('No-TN-Validation', 'A')).toBeUndefined();
  expect(attestationOf(undefined, 'A')).toBeUndefined();
});

import { expect } from '@jest/globals';

import { telephonyErrors } from '../../src/telephony/errors.js';
import type { ProtocolAction } from '../../src/telephony/protocol-machine.js';

/** Whatever came: one close at most, with 1000, or the code of the fault that was counted last. */
export function expectRightClose(actions: readonly ProtocolAction[]): void {
  const at = actions.findIndex(({ kind }) => kind === 'close');
  const close = actions[at];
  if (close?.kind !== 'close') return;
  const faults = actions
    .slice(0, at)
    .flatMap((action) => (action.kind === 'count' ? [telephonyErrors[action.code].closeCode] : []))
    .filter((code) => code !== null);
  expect([1000, faults.at(-1)]).toContain(close.closeCode);
  expect(actions.slice(at + 1).filter(({ kind }) => kind !== 'end' && kind !== 'count')).toEqual([]);
}

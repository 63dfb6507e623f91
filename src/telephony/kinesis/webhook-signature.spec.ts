import { describe, expect, it } from '@jest/globals';

import { isSigned } from './webhook-signature.js';

// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, its example.
const secret = 'whsec_plJ3nmyCDGBKInavdOK15jsl';
const message = {
  id: 'msg_loFOjxBNrRLzqYUf',
  timestamp: '1731705121',
  body: Buffer.from('{"event_type":"ping","data":{"success":true}}'),
  signature: 'v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=',
};
const nowMs = 1_731_705_121_000;

describe('what starts a call from a Kinesis stream', () => {
  it('is signed as Standard Webhooks has it', () => {
    expect(isSigned(message, secret, nowMs)).toBe(true);
    expect(isSigned({ ...message, signature: `v1,AAAA ${message.signature}` }, secret, nowMs)).toBe(true);
  });

  it.each([
    ['another body', { body: Buffer.from('{}') }],
    ['another id', { id: 'msg_another' }],
    ['another time', { timestamp: '1731705122' }],
    ['a time that is no number', { timestamp: '1731705121.5' }],
    ['no signature', { signature: '' }],
    ['a signature of another version', { signature: message.signature.replace('v1', 'v1a') }],
    ['half a signature', { signature: message.signature.slice(0, 20) }],
  ])('is refused with %s', (_what, changed) => {
    expect(isSigned({ ...message, ...changed }, secret, nowMs)).toBe(false);
  });

  it('is refused when it is five minutes old, or under another secret', () => {
    expect(isSigned(message, secret, nowMs + 300_000)).toBe(true);
    expect(isSigned(message, secret, nowMs + 300_001)).toBe(false);
    expect(isSigned(message, secret, nowMs - 300_001)).toBe(false);
    expect(isSigned(message, 'whsec_AAAAAAAAAAAAAAAAAAAAAAAA', nowMs)).toBe(false);
  });
});

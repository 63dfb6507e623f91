import { expect } from '@jest/globals';

import { telephonyErrors, type TelephonyErrorCode } from '../../src/telephony/errors.js';
import { type HelloDialect, HelloMachine } from '../../src/telephony/hello/hello-machine.js';
import type { ProtocolAction, ProtocolActions } from '../../src/telephony/protocol-machine.js';

/** The platforms' own words, as their documentation and sources have them. */
export const hellos = {
  // jambonz-feature-server: lib/tasks/listen.js, lib/session/call-info.js
  jambonz: {
    sampleRate: 8000,
    mixType: 'stereo',
    callSid: '5b0bd7a5-0d6b-4d3b-8e32-3b2a31f3a6c0',
    direction: 'inbound',
    from: '+15550100',
    to: '+15550199',
    callId: '8d7f0a90-8a4c-123b-0c9d-0242ac120003',
    sipStatus: 200,
    sipReason: 'OK',
    callStatus: 'in-progress',
    accountSid: 'bb845d4b-83a9-4cde-a6e9-50f3743bab3f',
    traceId: '1f8d4a7c9b0e4f3f8a1d2c3b4a596877',
    applicationSid: '7087fe50-8acb-4f3b-b820-97b573723aab',
    fsSipAddress: '10.0.0.1:5060',
    originatingSipIp: '203.0.113.7',
  },
  // https://developer.vonage.com/en/voice/voice-api/concepts/websockets
  vonage: { event: 'websocket:connected', 'content-type': 'audio/l16;rate=16000' },
  // asterisk: commit "chan_websocket: Add capability for JSON control messages and events"
  asterisk: {
    event: 'MEDIA_START',
    connection_id: 'media_connection1',
    channel: 'WebSocket/media_connection1/0x5140001a0040',
    channel_id: '1761245643.1',
    format: 'ulaw',
    optimal_frame_size: 160,
    ptime: 20,
    channel_variables: { DIALEDPEERNUMBER: 'media_connection1/c(ulaw)' },
  },
} as const;

export const timeouts = { firstMessageMs: 5000, silenceMs: 60_000, quietMs: 5000 };

export function aMachine(dialect: HelloDialect): HelloMachine {
  return new HelloMachine(dialect, timeouts, 0);
}

export function changed(hello: object, fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...hello, ...fields });
}

/** What the intake is told of the call that a text opens. */
export function opened(
  dialect: HelloDialect,
  text: string,
): Extract<ProtocolAction, { kind: 'open' }>['description'] {
  const [action] = aMachine(dialect).text(text, 0);
  if (action?.kind !== 'open') throw new Error(`not opened: ${JSON.stringify(action)}`);
  return action.description;
}

/** Counted, closed with its code, and the call ended if there was one. */
export function expectFault(actions: ProtocolActions, code: TelephonyErrorCode, inCall: boolean): void {
  expect(actions).toEqual([
    { kind: 'count', code },
    { kind: 'close', closeCode: telephonyErrors[code].closeCode, reason: code },
    ...(inCall ? [{ kind: 'end', reason: 'protocol-error' }] : []),
  ]);
}

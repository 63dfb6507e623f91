import type { CallCloseReason } from '../core/calls/intake.js';

/**
 * Every way in which a stream can be wrong, with the close code that ends it (null: counted, the call goes on).
 * 1002 to 1012 as registered with IANA (RFC 6455 §7.4.1); 4000 and up are Timbre's own.
 * docs/integration.md holds the same table for integrators.
 */
export const telephonyErrors = {
  'not-json': { closeCode: 1007, message: 'the message is not a JSON object' },
  'unknown-type': { closeCode: 4000, message: 'there is no message of this type' },
  'unknown-field': { closeCode: 4001, message: 'there is no such field' },
  'invalid-field': { closeCode: 4002, message: 'the field is missing or has a wrong type or value' },
  'unsupported-format': {
    closeCode: 4003,
    message: 'this encoding, sample rate or channel layout is not supported',
  },
  'audio-before-start': { closeCode: 4004, message: 'audio came before the start message' },
  'partial-frame': {
    closeCode: 4005,
    message: 'the audio does not hold a whole number of samples of every channel',
  },
  'second-start': { closeCode: 4006, message: 'the call has started already' },
  'invalid-payload': { closeCode: 4007, message: 'the audio payload is not base64' },
  'start-timeout': { closeCode: 4008, message: 'no valid start message came in time' },
  'silence-timeout': { closeCode: 4009, message: 'no audio came for too long' },
  'message-before-start': { closeCode: 4010, message: 'the first messages must announce the call' },
  'account-mismatch': {
    closeCode: 1008,
    message: 'the call belongs to another account than the credential',
  },
  'text-instead-of-binary': { closeCode: 1003, message: 'audio belongs in binary frames' },
  'binary-instead-of-text': { closeCode: 1003, message: 'this protocol has text frames only' },
  'oversize-frame': { closeCode: 1009, message: 'the frame is too large' },
  'invalid-text': { closeCode: 1007, message: 'the text is not UTF-8' },
  'broken-frame': { closeCode: 1002, message: 'the frame breaks the WebSocket protocol' },
  'shutting-down': { closeCode: 1012, message: 'Timbre is shutting down; reconnect to go on' },
  'engine-failure': { closeCode: 1011, message: 'the call can not be analysed any more' },
  'access-ended': { closeCode: 1008, message: 'what let this stream in was revoked or has expired' },
  'wrong-version': { closeCode: 4011, message: 'the protocol version is not supported' },
  'wrong-session': { closeCode: 4012, message: 'the ids differ from those of the signed upgrade' },
  'sequence-gap': { closeCode: 4013, message: 'the sequence numbers do not follow each other' },
  'audio-while-paused': { closeCode: 4014, message: 'audio came while the stream was paused' },
  'taken-over': { closeCode: 4016, message: 'another stream has resumed this call' },
  'wrong-stream': { closeCode: 4017, message: 'the message belongs to another stream' },
  'rate-limit': { closeCode: 4015, message: 'more answers are asked for than may be sent' },
  'unreadable-stream': { closeCode: 4018, message: 'the platform does not let the stream be read' },
  'platform-error': { closeCode: null, message: 'the platform reported an error of its own' },
  'unexpected-message': { closeCode: null, message: 'the message has no place at this time and was skipped' },
  'position-drift': { closeCode: null, message: 'the platform counts stream time otherwise than its audio' },
  'message-after-stop': { closeCode: null, message: 'the call has been stopped already' },
  'late-chunk': { closeCode: null, message: 'a media chunk came twice or too late and was dropped' },
  'unknown-event': { closeCode: null, message: 'an event of an unknown kind was skipped' },
} as const satisfies Record<string, { readonly closeCode: number | null; readonly message: string }>;

export type TelephonyErrorCode = keyof typeof telephonyErrors;

/** The codes that end a call. */
export type FatalErrorCode = {
  [Code in TelephonyErrorCode]: (typeof telephonyErrors)[Code]['closeCode'] extends number ? Code : never;
}[TelephonyErrorCode];

/** How a stream says why Timbre ended it. */
export const endErrors: Partial<Record<CallCloseReason, FatalErrorCode>> = {
  shutdown: 'shutting-down',
  'engine-failure': 'engine-failure',
  'silence-timeout': 'silence-timeout',
  'taken-over': 'taken-over',
  'access-ended': 'access-ended',
};

/** What `ws` found wrong, by the code it closes with. */
export function frameError(closeCode: number): FatalErrorCode {
  if (closeCode === 1009) return 'oversize-frame';
  return closeCode === 1007 ? 'invalid-text' : 'broken-frame';
}

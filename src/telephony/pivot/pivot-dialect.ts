import { twilioLike } from '../twilio-like.js';

/** 2600Hz KAZOO Pivot's audio streams: Twilio's messages, 16-bit samples unless told otherwise. */
export const pivot = twilioLike('pivot', {
  'audio/l16': ['l16', [8000, 16000]],
  'audio/x-l16': ['l16', [8000, 16000]],
  'audio/x-mulaw': ['mulaw', [8000]],
});

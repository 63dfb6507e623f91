import { twilioLike } from '../twilio-like.js';

/** Fonoster's streams in their `twilio` mode: https://docs.fonoster.com */
export const fonoster = twilioLike('fonoster', {
  'audio/x-mulaw': ['mulaw', [8000]],
  'audio/l16': ['l16', [8000, 16000]],
  'audio/x-l16': ['l16', [8000, 16000]],
});

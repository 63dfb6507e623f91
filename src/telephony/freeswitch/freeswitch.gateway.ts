import { HelloMachine } from '../hello/hello-machine.js';
import { queryOf } from '../query.js';
import { tokenGateway } from '../token-gateway.js';
import { freeswitch } from './freeswitch-dialect.js';

export const FreeswitchGateway = tokenGateway({
  protocol: 'freeswitch',
  // The second name where the module serves jambonz too (MOD_AUDIO_FORK_SUBPROTOCOL_NAME).
  subprotocols: ['audio.drachtio.org', 'audio.jambonz.org'],
  machine: (request, timeouts, nowMs) => new HelloMachine(freeswitch(queryOf(request)), timeouts, nowMs),
});

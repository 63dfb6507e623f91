import { HelloMachine } from '../hello/hello-machine.js';
import { tokenGateway } from '../token-gateway.js';
import { jambonz } from './jambonz-dialect.js';

export const JambonzGateway = tokenGateway({
  protocol: 'jambonz',
  // The listen verb is mod_audio_fork with the name of its subprotocol set to another.
  subprotocols: ['audio.jambonz.org', 'audio.drachtio.org'],
  machine: (_, timeouts, nowMs) => new HelloMachine(jambonz, timeouts, nowMs),
});

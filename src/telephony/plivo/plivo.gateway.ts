import { MediaStreamMachine } from '../media-streams/media-stream-machine.js';
import { tokenGateway } from '../token-gateway.js';
import { plivo } from './plivo-dialect.js';

export const PlivoGateway = tokenGateway({
  protocol: 'plivo',
  machine: (_, timeouts, nowMs) => new MediaStreamMachine(plivo, undefined, timeouts, nowMs),
});

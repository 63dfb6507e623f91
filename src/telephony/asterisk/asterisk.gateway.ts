import { HelloMachine } from '../hello/hello-machine.js';
import { queryOf } from '../query.js';
import { tokenGateway } from '../token-gateway.js';
import { asterisk } from './asterisk-dialect.js';

export const AsteriskGateway = tokenGateway({
  protocol: 'asterisk',
  subprotocols: ['media'],
  machine: (request, timeouts, nowMs) => new HelloMachine(asterisk(queryOf(request)), timeouts, nowMs),
});

import { HelloMachine } from '../hello/hello-machine.js';
import { queryOf } from '../query.js';
import { tokenGateway } from '../token-gateway.js';
import { infobip } from './infobip-dialect.js';

export const InfobipGateway = tokenGateway({
  protocol: 'infobip',
  machine: (request, timeouts, nowMs) => new HelloMachine(infobip(queryOf(request)), timeouts, nowMs),
});

import { HelloMachine } from '../hello/hello-machine.js';
import { tokenGateway } from '../token-gateway.js';
import { sinch } from './sinch-dialect.js';

export const SinchGateway = tokenGateway({
  protocol: 'sinch',
  machine: (_, timeouts, nowMs) => new HelloMachine(sinch, timeouts, nowMs),
});

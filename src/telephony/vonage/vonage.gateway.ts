import { HelloMachine } from '../hello/hello-machine.js';
import { tokenGateway } from '../token-gateway.js';
import { vonage } from './vonage-dialect.js';

export const VonageGateway = tokenGateway({
  protocol: 'vonage',
  machine: (_, timeouts, nowMs) => new HelloMachine(vonage, timeouts, nowMs),
});

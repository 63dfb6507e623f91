import { MediaStreamMachine } from '../media-streams/media-stream-machine.js';
import { tokenGateway } from '../token-gateway.js';
import { signalwire } from './signalwire-dialect.js';

export const SignalwireGateway = tokenGateway({
  protocol: 'signalwire',
  machine: (_, timeouts, nowMs) => new MediaStreamMachine(signalwire, undefined, timeouts, nowMs),
});

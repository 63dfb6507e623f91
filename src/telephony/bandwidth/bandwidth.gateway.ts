import { MediaStreamMachine } from '../media-streams/media-stream-machine.js';
import { tokenGateway } from '../token-gateway.js';
import { bandwidth } from './bandwidth-dialect.js';

export const BandwidthGateway = tokenGateway({
  protocol: 'bandwidth',
  machine: (_, timeouts, nowMs) => new MediaStreamMachine(bandwidth, undefined, timeouts, nowMs),
});

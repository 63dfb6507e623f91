import { MediaStreamMachine } from '../media-streams/media-stream-machine.js';
import { tokenGateway } from '../token-gateway.js';
import { pivot } from './pivot-dialect.js';

export const PivotGateway = tokenGateway({
  protocol: 'pivot',
  machine: (_, timeouts, nowMs) => new MediaStreamMachine(pivot, undefined, timeouts, nowMs),
});

import { MediaStreamMachine } from '../media-streams/media-stream-machine.js';
import { tokenGateway } from '../token-gateway.js';
import { fonoster } from './fonoster-dialect.js';

export const FonosterGateway = tokenGateway({
  protocol: 'fonoster',
  machine: (_, timeouts, nowMs) => new MediaStreamMachine(fonoster, undefined, timeouts, nowMs),
});

import { MediaStreamMachine } from '../media-streams/media-stream-machine.js';
import { tokenGateway } from '../token-gateway.js';
import { exotel } from './exotel-dialect.js';

export const ExotelGateway = tokenGateway({
  protocol: 'exotel',
  machine: (_, timeouts, nowMs) => new MediaStreamMachine(exotel, undefined, timeouts, nowMs),
});

import { MediaStreamMachine } from '../media-streams/media-stream-machine.js';
import { queryOf } from '../query.js';
import { tokenGateway } from '../token-gateway.js';
import { azureAt } from './azure-dialect.js';

export const AzureGateway = tokenGateway({
  protocol: 'azure',
  machine: (request, timeouts, nowMs) => {
    const connectionId = request.headers['x-ms-call-connection-id'];
    const dialect = azureAt(queryOf(request), typeof connectionId === 'string' ? connectionId : undefined);
    return new MediaStreamMachine(dialect, undefined, timeouts, nowMs);
  },
});

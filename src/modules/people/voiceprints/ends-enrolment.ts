import type { CustomerId } from '../../../core/ids.js';
import type { BusMessage } from '../../../platform/event-bus/event-bus.port.js';

/** A withdrawal, revocation or erasure reaches speech that is being analysed just now. */
export function endsEnrolment(message: BusMessage, customerId: CustomerId): boolean {
  return (
    message.kind === 'customer-changed' &&
    message.customerId === customerId &&
    (message.change === 'consent-withdrawn' ||
      message.change === 'voiceprint-revoked' ||
      message.change === 'customer-erased')
  );
}

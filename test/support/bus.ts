import type { BusMessage, EventBus } from '../../src/platform/event-bus/event-bus.port.js';

/** The next message that says what changed: the wake-up of those who read facts says nothing. */
export function nextChange(bus: EventBus): Promise<BusMessage> {
  return new Promise((resolve) => {
    const unsubscribe = bus.subscribe((message) => {
      if (message.kind === 'facts-recorded') return;
      unsubscribe();
      resolve(message);
    });
  });
}

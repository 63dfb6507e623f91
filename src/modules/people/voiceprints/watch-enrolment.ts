import type { CustomerId } from '../../../core/ids.js';
import { asksAgain, customerEffect, type CustomerEffect } from '../../installation/facts/effects.js';
import type { StoredFact } from '../../installation/facts/fact.js';
import type { FactFeed } from '../../installation/facts/fact-feed.js';
import type { Owner } from './customer-keys.js';
import type { EnrolmentTicket } from './enrolment-outcome.js';
import type { VoiceprintsService } from './voiceprints.service.js';

const lookMs = 500;

export interface EnrolmentWatch {
  /** The gate let it through, with this ticket. */
  begun(ticket: EnrolmentTicket): void;
  over(): void;
}

/**
 * Ends speech that is being analysed just now when its consent or the voice ends; `failed` when nobody could say whether. Set
 * before the gate is asked: what happens after its answer is heard, and what was before it does not count.
 */
export function watchEnrolment(
  feed: FactFeed,
  voiceprints: VoiceprintsService,
  { tenantId, customerId }: Owner,
  end: (how: 'stopped' | 'failed') => void,
): EnrolmentWatch {
  let ticket: EnrolmentTicket | undefined;
  let wasTold = false;
  const ask = async (given: EnrolmentTicket): Promise<void> => {
    const gate = await voiceprints.enrolmentGate(tenantId, customerId);
    if (gate.kind === 'closed' || gate.ticket.erasures !== given.erasures) end('stopped');
  };
  const look = (): void => {
    wasTold = true;
    // Fails closed: what can't be asked does not go on.
    if (ticket)
      ask(ticket).catch(() => {
        end('failed');
      });
  };
  const unsubscribe = feed.subscribe('enrolment', (facts) => {
    const told = facts.filter((fact) => fact.tenantId === tenantId).map((fact) => effectOn(fact, customerId));
    // Nobody is left to ask about.
    if (told.includes('erased')) end('stopped');
    else if (told.some((effect) => effect !== undefined && effect !== 'begins')) look();
  });
  const timer = setInterval(() => {
    if (feed.isBlind(tenantId)) end('failed');
  }, lookMs);
  return {
    begun(given) {
      ticket = given;
      if (wasTold) look();
    },
    over() {
      unsubscribe();
      clearInterval(timer);
    },
  };
}

function effectOn(fact: StoredFact, customerId: CustomerId): CustomerEffect['effect'] | undefined {
  if (asksAgain(fact)) return 'changes';
  const told = customerEffect(fact);
  return told?.customerId === customerId ? told.effect : undefined;
}

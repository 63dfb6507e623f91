import type { INestApplication } from '@nestjs/common';
import type { StoredFact } from '../../src/modules/installation/facts/fact.js';
import { FactFeed } from '../../src/modules/installation/facts/fact-feed.js';

export function feedOf(app: INestApplication): FactFeed {
  return app.get(FactFeed, { strict: false });
}

/** The next fact of these that this process reads; its own readers have it by then. */
export function nextFact(
  app: INestApplication,
  wanted: (fact: StoredFact) => boolean = () => true,
): Promise<StoredFact> {
  return new Promise((resolve) => {
    const end = feedOf(app).subscribe('test', (facts) => {
      const found = facts.find(wanted);
      if (found === undefined) return;
      end();
      resolve(found);
    });
  });
}

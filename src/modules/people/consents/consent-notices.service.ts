import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../../core/auth/principal.js';
import type { Clock } from '../../../core/clock.js';
import type { TenantId } from '../../../core/ids.js';
import { CLOCK } from '../../../platform/clock.js';
import { sha256OfText } from '../../../platform/crypto/sha256.js';
import { Database } from '../../../platform/database/database.service.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { recordFact } from '../../installation/facts/record-fact.js';
import type { Notice } from './notice.js';
import type { NewNotice } from './notice-body.js';
import { insertNotice, readNotices } from './notice-store.js';

/** The words that people consent to, in versions and languages. */
@Injectable()
export class ConsentNoticesService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  list(tenantId: TenantId): Promise<Notice[]> {
    return this.database.forTenant(tenantId, readNotices);
  }

  /** A further language of a version says the same of purposes, asking again and date, or leaves the date out. */
  async add({ tenantId, tokenId }: Principal, wanted: NewNotice): Promise<Notice> {
    return this.database.forTenant(tenantId, async (em) => {
      // Of two at once the second sees what the first said of the version.
      await em.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`timbre notices ${tenantId}`]);
      const now = new Date(this.clock.nowMs());
      const effectiveFrom = await this.effectiveFrom(em, wanted, now);
      const { version, language, text, purposes, asksAgain } = wanted;
      const made = { version, language, text, purposes, asksAgain, effectiveFrom };
      const notice = { ...made, createdAt: now, createdBy: tokenId };
      if (!(await insertNotice(em, tenantId, notice))) alreadyThere(wanted);
      await recordFact(em, tenantId, now, {
        action: 'notice-added',
        by: tokenId,
        subject: { kind: 'notice', id: version },
        details: {
          language,
          purposes,
          asksAgain,
          effectiveFrom: effectiveFrom.toISOString(),
          textSha256: sha256OfText(text).toString('hex'),
        },
      });
      return notice;
    });
  }

  private async effectiveFrom(em: EntityManager, wanted: NewNotice, now: Date): Promise<Date> {
    const asked = wanted.effectiveFrom === undefined ? undefined : new Date(wanted.effectiveFrom);
    const versions = (await readNotices(em)).filter(({ version }) => version === wanted.version);
    if (versions.some(({ language }) => language === wanted.language)) alreadyThere(wanted);
    const [first] = versions;
    if (first === undefined) {
      // In force backwards it would say of consents that counted that they did not.
      if (asked !== undefined && asked.getTime() < now.getTime())
        differs('effectiveFrom', 'not a time gone by');
      return asked ?? now;
    }
    const { purposes, asksAgain, effectiveFrom } = first;
    if (purposes === null) {
      throw new ProblemError(409, 'notice-exists', 'This version came with a consent', {
        detail: 'Nobody has said which purposes it names: publish its words under a version of their own.',
      });
    }
    if (asksAgain !== wanted.asksAgain) differs('asksAgain', String(asksAgain));
    if (purposes.length !== wanted.purposes.length || !wanted.purposes.every((one) => purposes.includes(one)))
      differs('purposes', purposes.join(', '));
    if (asked !== undefined && asked.getTime() !== effectiveFrom.getTime())
      differs('effectiveFrom', effectiveFrom.toISOString());
    return effectiveFrom;
  }
}

function alreadyThere({ version, language }: NewNotice): never {
  throw new ProblemError(409, 'notice-exists', 'This version is there in this language already', {
    detail: `Words never change within a version: give ${version} (${language}) a new one.`,
  });
}

function differs(field: string, expected: string): never {
  throw new ProblemError(400, 'bad-input', 'The input is not valid', { errors: [{ field, expected }] });
}

import type { EntityManager } from 'typeorm';
import type { TenantId, TokenId } from '../../../core/ids.js';
import type { Purpose } from '../../../core/privacy/consent.js';
import type { NoticeVersion } from '../../../core/privacy/notices.js';
import { shippedNotice, type Notice } from './notice.js';

interface NoticeRow {
  readonly version: string;
  readonly language: string;
  readonly notice_text: string;
  readonly purposes: Purpose[] | null;
  readonly asks_again: boolean;
  readonly effective_from: Date;
  readonly created_at: Date;
  readonly created_by: TokenId | null;
}

/** Oldest version first, the shipped one among them. Row-level security keeps it to the tenant. */
export async function readNotices(em: EntityManager): Promise<Notice[]> {
  const rows: NoticeRow[] = await em.query(
    'SELECT * FROM consent_notices ORDER BY effective_from, version, language',
  );
  const notices = rows.map(toNotice);
  const isShipped = notices.some(
    ({ version, language }) => version === shippedNotice.version && language === shippedNotice.language,
  );
  return isShipped ? notices : [shippedNotice, ...notices];
}

/** The versions, for the question whether one asks again; none when none of them does. */
export async function readAskingNotices(em: EntityManager): Promise<NoticeVersion[]> {
  const [found] = await em.query<{ asks: boolean }[]>(
    'SELECT EXISTS (SELECT 1 FROM consent_notices WHERE asks_again) AS asks',
  );
  return found?.asks === true ? (await readNotices(em)).map(toVersion) : [];
}

export function toVersion({ version, purposes, asksAgain, effectiveFrom }: Notice): NoticeVersion {
  return { version, purposes, asksAgain, effectiveFromMs: effectiveFrom.getTime() };
}

/** False when these words of the version are there already. */
export async function insertNotice(em: EntityManager, tenantId: TenantId, notice: Notice): Promise<boolean> {
  const made = await em.query<unknown[]>(
    `INSERT INTO consent_notices
       (tenant_id, version, language, notice_text, purposes, asks_again, effective_from, created_at, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING version`,
    [
      tenantId,
      notice.version,
      notice.language,
      notice.text,
      notice.purposes,
      notice.asksAgain,
      notice.effectiveFrom,
      notice.createdAt,
      notice.createdBy,
    ],
  );
  return made.length > 0;
}

function toNotice(row: NoticeRow): Notice {
  const { version, language, purposes } = row;
  return {
    version,
    language,
    purposes,
    text: row.notice_text,
    asksAgain: row.asks_again,
    effectiveFrom: row.effective_from,
    createdAt: row.created_at,
    createdBy: row.created_by,
  };
}

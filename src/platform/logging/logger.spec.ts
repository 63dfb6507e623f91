import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { createLogger, type Logger } from './logger.js';

function logged(write: (logger: Logger) => void): Record<string, unknown> {
  let text = '';
  const logger = createLogger(
    'info',
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        text += chunk.toString();
        done();
      },
    }),
  );
  write(logger);
  return JSON.parse(text) as Record<string, unknown>;
}

describe('the log', () => {
  it('says what happened with its fields beside it', () => {
    expect(
      logged((logger) => {
        logger.info({ callId: 'c1' }, 'call opened');
      }),
    ).toMatchObject({
      level: 'info',
      callId: 'c1',
      msg: 'call opened',
    });
  });

  it.each(['authorization', 'token', 'ani', 'dnis', 'masterKey', 'accountRef', 'embedding'])(
    'never shows %s',
    (field) => {
      expect(
        logged((logger) => {
          logger.info({ [field]: 'seen', call: { [field]: 'seen' } }, 'slip');
        }),
      ).toMatchObject({
        [field]: '[redacted]',
        call: { [field]: '[redacted]' },
      });
    },
  );

  it('shows of an error what cannot hold a row, and its cause alike', () => {
    const cause = Object.assign(new Error('duplicate key'), {
      code: '23505',
      detail: 'Key (account_ref)=(ACC-1) exists',
    });
    const error = Object.assign(new Error('insert failed', { cause }), { parameters: ['ACC-1'] });
    const line = logged((logger) => {
      logger.error({ err: error }, 'request failed');
    });
    expect(line['err']).toMatchObject({
      message: 'insert failed',
      cause: { code: '23505', message: 'duplicate key' },
    });
    expect(JSON.stringify(line)).not.toContain('ACC-1');
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { callProtocolNames, callProtocols } from '../../src/core/calls/protocols.js';
import { telephonyErrors } from '../../src/telephony/errors.js';
import { parseCommand } from '../../tools/call/arguments.js';

const docs = join(import.meta.dirname, '../../docs');
const overview = readFileSync(join(docs, 'integration.md'), 'utf8');

/** Whatever a command of a page takes from its reader. */
const env = {
  TIMBRE_TOKEN: 'tmb_1',
  TIMBRE_KINESIS_SECRET: 'whsec_c2VjcmV0',
  TWILIO_AUTH_TOKEN: 'secret',
  AUDIOHOOK_CLIENT_SECRET: 'c2VjcmV0',
};

/** The words of each `timbre-call` command in a page, lines joined and the variables before it left out. */
function commandsOf(page: string): string[][] {
  const lines = page.replaceAll('\\\n', ' ').split('\n');
  return lines.flatMap((line) => {
    const [, words] = /^\s*(?:[A-Z_]+=\S+\s+)*(?:npx )?timbre-call (.+)$/.exec(line) ?? [];
    return words === undefined ? [] : [words.trim().split(/\s+/)];
  });
}

describe.each(callProtocolNames)('the page of %s', (name) => {
  const { at } = callProtocols[name];
  const page = readFileSync(join(docs, 'integration', `${name}.md`), 'utf8');

  it('says where it is reached, as the overview does', () => {
    expect(page.includes(`\`${at}\``)).toBe(true);
    const row = overview.split('\n').find((line) => line.startsWith(`| \`${name}\` `)) ?? '';
    expect(row).toContain(`(integration/${name}.md)`);
    expect(row).toContain(`\`${at}\``);
  });

  it('says what to set up, what the limits are and how to try it', () => {
    const headings = page.split('\n').filter((line) => line.startsWith('## '));
    expect(headings).toEqual(expect.arrayContaining(['## Set it up', '## Limits', '## Try it']));
  });

  it('has commands that timbre-call takes, for this protocol', () => {
    const commands = commandsOf(page).map((words) => parseCommand(words, env));
    expect(commands.length).toBeGreaterThan(0);
    for (const command of commands) expect(command).toMatchObject({ options: { protocol: { kind: name } } });
  });
});

describe('the table of errors', () => {
  it.each(Object.entries(telephonyErrors))('has %s with its close code', (code, { closeCode }) => {
    const row = overview.split('\n').find((line) => line.startsWith(`| \`${code}\` `));
    if (closeCode === null) expect(overview.includes(`\`${code}\``)).toBe(true);
    else expect(row).toMatch(new RegExp(`\\| ${String(closeCode)} `));
  });
});

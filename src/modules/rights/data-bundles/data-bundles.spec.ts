import { describe, expect, it } from '@jest/globals';
import { storedTables as dataMap } from '../../../app/stored-tables.js';
import { pageInItselfHeaders } from '../../../platform/http/page-in-itself.js';
import { bundlePage } from './bundle-page.js';
import type { DataBundle } from './data-bundle.js';
import { html } from '../../../platform/http/html.js';

const aBundle: DataBundle = {
  format: 'timbre-data-bundle',
  version: 1,
  at: '2026-03-01T09:30:00.000Z',
  business: {
    name: 'Bank <script>alert(1)</script>',
    controller: null,
    dataProtectionOfficer: null,
    recipients: [],
    transfers: [],
  },
  laws: [],
  customer: {
    customerId: 'c' as never,
    accountRef: 'A"C&C',
    residence: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    lastInteractionAt: '2026-01-01T00:00:00.000Z',
  },
  voiceprints: [],
  pendingEnrolment: null,
  heldEnrolments: [],
  consents: [],
  objections: [],
  calls: [],
  accountEvents: [],
  flags: [],
  requests: [],
  uses: [],
  purposes: [],
  logic: ['So.'],
  leftOut: ['That.'],
};

describe('the bundle of a person’s data', () => {
  it('has every table with personal data in it, or the data map (`bundle`) says why not', () => {
    const personal = dataMap.filter(({ columns }) =>
      Object.values(columns).some(({ kind }) => kind === 'personal'),
    );
    expect(personal.filter(({ bundle }) => bundle === undefined).map(({ table }) => table)).toEqual([]);
  });

  it('names sections that there are', () => {
    const sections = dataMap.flatMap(({ bundle }) => (bundle && 'in' in bundle ? [bundle.in] : []));
    expect(sections.filter((name) => !(name in aBundle))).toEqual([]);
  });
});

describe('the page of it', () => {
  const page = bundlePage(aBundle);

  it('shows text as text, whatever it holds', () => {
    expect(page).not.toContain('<script>');
    expect(page).toContain('Bank &#60;script&#62;alert(1)&#60;/script&#62;');
    expect(page).toContain('A&#34;C&#38;C');
  });

  it('runs under a policy that allows nothing but its own style', () => {
    expect(pageInItselfHeaders['Content-Security-Policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'/,
    );
  });

  it('says so where there is nothing', () => {
    expect(page.match(/<p>Nothing\.<\/p>/g)?.length).toBeGreaterThan(3);
  });
});

it('escapes what is put into a template, but not templates', () => {
  expect(html`<p>${['<', html`<b>${'&'}</b>`, 1, null]}</p>`.text).toBe('<p>&#60;<b>&#38;</b>1</p>');
});

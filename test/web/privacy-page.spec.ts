import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { Bank } from '../e2e/bank.js';
import { startApp, type TestApp } from '../support/app.js';
import { accessibilityFaults, describeInChromium, launchChromium } from './support/chromium.js';

const narrow = { width: 320, height: 640 };
const desk = { width: 1280, height: 800 };
/** Where to put a picture of each section; unset, none is taken. */
const pictures = process.env['TIMBRE_PICTURES'];

// All of Timbre with a real PostgreSQL; a bank whose people have consented, withdrawn and never been asked.
describeInChromium('the privacy officer’s page in Chromium', () => {
  let app: TestApp;
  let browser: Browser;
  let bank: Bank;
  let owner: pg.Client;
  let context: BrowserContext | undefined;

  beforeAll(async () => {
    [app, browser] = await Promise.all([startApp(), launchChromium()]);
    bank = await Bank.open(app);
    owner = new pg.Client({ connectionString: app.adminUrl });
    await owner.connect();
    const given = await bank.customer('ACC-1001');
    await bank.consent(given);
    const erased = await bank.customer('ACC-1000');
    await bank
      .as('privacy')
      .post(`/v1/customers/${erased}/erasure`)
      .send({ reason: 'request-of-the-person' })
      .expect(200);
    const withdrawn = await bank.customer('ACC-1002');
    const consentId = await bank.consent(withdrawn);
    await bank.as('agent').delete(`/v1/customers/${withdrawn}/consents/${consentId}`).expect(200);
  }, 60_000);
  afterEach(() => context?.close());
  afterAll(async () => {
    await browser.close();
    await owner.end();
    await app.close();
  });

  async function open(section: string, options: BrowserContextOptions = {}): Promise<Page> {
    context = await browser.newContext({ viewport: desk, acceptDownloads: true, ...options });
    const page = await context.newPage();
    await page.goto(`${app.url}/privacy#token=${bank.tokens.privacy}`);
    await page.waitForSelector('#office:not([hidden])');
    await go(page, section);
    return page;
  }

  /** The page changes after its address has: before that it is the section left, and at rest. */
  async function go(page: Page, section: string): Promise<void> {
    await page.click(`#to-${section}`);
    await page.locator(`#to-${section}[aria-current=page]`).waitFor();
    await page.locator('#view:not(:has([aria-busy]))').waitFor();
  }

  const sections = [
    'ledger',
    'notices',
    'audit',
    'requests',
    'retention',
    'holds',
    'receipts',
    'packs',
    'data-map',
    'records',
    'exports',
  ];
  const looks = [
    { colorScheme: 'light', viewport: desk },
    { colorScheme: 'dark', viewport: narrow },
  ] as const;

  it('lists its sections, and each has nothing for axe to find, narrow and wide, light and dark', async () => {
    for (const look of looks) {
      const page = await open('ledger', look);
      expect(await page.locator('#sections a').evaluateAll((links) => links.map(({ id }) => id))).toEqual(
        sections.map((id) => `to-${id}`),
      );
      for (const section of sections) {
        await go(page, section);
        expect([section, await accessibilityFaults(page)]).toEqual([section, []]);
        expect([section, await sidewaysScroll(page)]).toEqual([section, 0]);
        await picture(page, `${section}-${look.viewport.width}`);
      }
      await context?.close();
    }
  }, 120_000);

  it('is for the role privacy alone, and says so; a token that is no more goes back to sign-in', async () => {
    context = await browser.newContext({ viewport: narrow });
    const page = await context.newPage();
    for (const [token, said] of [
      [bank.tokens.agent, 'needs the role privacy'],
      ['tmb_nonsense', 'not valid'],
    ] as const) {
      await page.goto(`${app.url}/privacy`);
      await page.fill('#token', token);
      await page.keyboard.press('Enter');
      await says(page, '#sign-in-problem', said);
      expect(await accessibilityFaults(page)).toEqual([]);
    }
    await picture(page, 'sign-in');
  });

  it('finds a person with the keyboard alone: consents, their words, and what was done', async () => {
    const page = await open('ledger');
    await page.focus('#in-customer');
    await page.keyboard.type('ACC-1002');
    await page.keyboard.press('Enter');
    await says(page, '#view', 'What was done, newest first');
    await page.locator('#view:not(:has([aria-busy]))').waitFor();
    const text = await page.innerText('#view');
    for (const words of ['Web form', 'test-1 (en)', 'Consent withdrawn', 'Consent granted', 'withdrawn'])
      expect(text).toContain(words);
    await page.focus('details summary');
    await page.keyboard.press('Enter');
    await says(page, 'blockquote', 'We make a voiceprint of your voice');
    expect(await accessibilityFaults(page)).toEqual([]);
    await picture(page, 'person-1280');
    await page.setViewportSize(narrow);
    expect(await sidewaysScroll(page)).toBe(0);
    await picture(page, 'person-320');
    await page.fill('#in-customer', 'ACC-9999');
    await page.keyboard.press('Enter');
    await says(page, '#view', 'There is no customer ACC-9999.');
  });

  it('has every row of a chain checked, and names one that was tampered with', async () => {
    const page = await open('ledger');
    const [consents, audit] = [page.locator('#chains .card').nth(0), page.locator('#chains .card').nth(1)];
    await consents.getByRole('button').click();
    await consents.getByText('Whole: each of 3 rows').waitFor();
    await audit.getByRole('button').click();
    await audit.getByText('Whole').waitFor();
    await owner.query('SET session_replication_role = replica');
    await owner.query(`UPDATE consents SET method = 'ivr-digit' WHERE tenant_id = $1 AND seq = 2`, [
      bank.tenantId,
    ]);
    await consents.getByRole('button').click();
    await consents.getByText('was changed').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await picture(page, 'tampered');
    await owner.query(`UPDATE consents SET method = 'web-form' WHERE tenant_id = $1 AND seq = 2`, [
      bank.tenantId,
    ]);
  });

  it('searches the audit log', async () => {
    const page = await open('audit');
    await page.fill('#in-action', 'consent-withdrawn');
    await page.keyboard.press('Enter');
    await says(page, 'caption', '1 entries, newest first');
    await page.click('details summary');
    await says(page, 'pre', 'voiceprints: 0');
    await page.fill('#in-action', 'policy-changed');
    await page.keyboard.press('Enter');
    await says(page, '#view', 'No entry matches.');
  });

  it('takes in a request, shows by when which law wants it answered, and carries it through to the answer', async () => {
    const page = await open('requests');
    await says(page, '#view', 'There is none.');
    await page.fill('#in-customer', 'ACC-1001');
    await page.selectOption('#in-kind', 'access');
    await page.getByRole('button', { name: 'Take in' }).click();
    await says(page, '.feedback', 'Taken in.');
    await says(page, '.card h3', 'Access: received');
    const card = page.locator('.card', { hasText: 'Access: received' });
    for (const words of ['in time', 'GDPR', 'not checked yet'])
      expect(await card.innerText()).toContain(words);
    await page.getByRole('button', { name: 'Save the bundle' }).click();
    await says(page, '.steps .feedback', 'Not handed out.');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByText('Check who is asking').click();
    await page.getByRole('button', { name: 'Record the check' }).click();
    await says(page, '.card', 'Security questions, passed');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save the bundle' }).click(),
    ]);
    expect(await readFile(await download.path(), 'utf8')).toContain('"accountRef"');
    await page.locator('#view:not(:has([aria-busy]))').waitFor();
    await page.locator('summary', { hasText: 'Fulfil' }).click();
    await page.locator('textarea[name=explanation]').fill('Handed over at the branch.');
    await picture(page, 'request-1280');
    await page.setViewportSize(narrow);
    expect(await sidewaysScroll(page)).toBe(0);
    await picture(page, 'request-320');
    await page.getByRole('button', { name: 'Fulfil' }).click();
    await says(page, '#view', 'There is none.');
    await page.selectOption('#in-state', 'answered');
    await says(page, '.card h3', 'Access: fulfilled');
  }, 120_000);

  it('extends a request with the reason that the person is told, and refuses it with its article', async () => {
    const page = await open('requests');
    await page.fill('#in-customer', 'ACC-1002');
    await page.selectOption('#in-kind', 'correction');
    await page.getByRole('button', { name: 'Take in' }).click();
    const card = page.locator('.card', { hasText: 'Correction: received' });
    await card.waitFor();
    const dueAt = () => card.locator('dd').first().innerText();
    const before = await dueAt();

    await card.locator('summary', { hasText: 'Extend the time' }).click();
    await card.getByRole('button', { name: 'Extend' }).click();
    // A reason is wanted: nothing was sent.
    expect(await dueAt()).toBe(before);
    await card.locator('textarea[name=reason]').fill('The branch has to find the recording.');
    await picture(page, 'request-extend');
    await card.getByRole('button', { name: 'Extend' }).click();
    await says(page, '.card', 'The branch has to find the recording.');
    expect(await dueAt()).not.toBe(before);
    // Keys go on in the list, whose cards were made anew.
    expect(await page.evaluate(`document.activeElement.textContent`)).toContain('Correction: received');
    expect(await page.evaluate(`document.activeElement.tagName`)).toBe('DIV');
    expect(await card.locator('summary', { hasText: 'Extend the time' }).count()).toBe(0);

    await card.locator('summary', { hasText: 'Refuse' }).click();
    await card.locator('select[name=refusal]').selectOption('identity-not-established');
    await card.locator('input[name=article]').fill('GDPR Art. 12(2)');
    await card.locator('textarea[name=told]').fill('Please come to a branch with a document.');
    expect(await accessibilityFaults(page)).toEqual([]);
    await card.getByRole('button', { name: 'Refuse' }).click();
    await says(page, '#view', 'There is none.');
    await page.selectOption('#in-state', 'answered');
    const answered = page.locator('.card', { hasText: 'Correction: refused' });
    await answered.waitFor();
    for (const words of [
      'Identity not established (GDPR Art. 12(2))',
      'Please come to a branch',
      'to the authority',
    ])
      expect(await answered.innerText()).toContain(words);
    const shown = await bank.as('privacy').get('/v1/requests?kind=correction').expect(200);
    expect(shown.body).toMatchObject({
      requests: [
        {
          state: 'refused',
          extension: { kind: 'made', reason: 'The branch has to find the recording.' },
          answer: { refusal: { reason: 'identity-not-established', article: 'GDPR Art. 12(2)' } },
        },
      ],
    });
  }, 60_000);

  it('shows fifty requests, and more below when asked, with the focus on what came', async () => {
    const people = await Promise.all(
      Array.from({ length: 51 }, (_, index) => bank.customer(`MANY-${index}`)),
    );
    for (const customerId of people)
      await bank
        .as('privacy')
        .post(`/v1/customers/${customerId}/requests`)
        .send({ kind: 'access' })
        .expect(201);
    const page = await open('requests');
    const cards = page.locator('.card h3', { hasText: 'Access: received' });
    await cards.first().waitFor();
    expect(await cards.count()).toBe(50);
    await page.getByRole('button', { name: 'Show more' }).click();
    await cards.nth(50).waitFor();
    expect(await cards.count()).toBe(51);
    expect(await page.evaluate(`document.activeElement.textContent`)).toContain('Access: received');
    expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0);
  }, 60_000);

  it('places a legal hold, shows it and ends it; and shows the laws with their versions', async () => {
    const page = await open('holds');
    await page.fill('#in-customer', 'ACC-1001');
    await page.fill('#in-end', '2099-12-31');
    await page.fill('#in-reason', 'Claim 4 O 118/26');
    await page.getByRole('button', { name: 'Place the hold' }).click();
    await says(page, '.feedback', 'In force.');
    await page.getByRole('button', { name: 'Release' }).click();
    await says(page, '.feedback', 'Released');
    await page.click('#to-retention');
    await says(page, '#view', 'Nothing until then.');
    await page.click('#to-packs');
    await page.getByText(/Rules of BIPA/).click();
    await says(page, 'details[open] table', '740 ILCS 14/15');
    expect(await accessibilityFaults(page)).toEqual([]);
  }, 60_000);

  it('shows what every column is for, and that the database is as the map says', async () => {
    const page = await open('data-map');
    await says(page, '.verdict', 'The database is as the map says, column by column.');
    await page.getByText('voiceprints', { exact: true }).click();
    await says(page, '.fold[open] table', 'ciphertext');
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await sidewaysScroll(page)).toBe(0);
  });

  it('shows the record of Art. 30 with what is missing of it, and saves it to read', async () => {
    const page = await open('records');
    await says(page, '.card', 'not given yet');
    await says(page, '#view', 'special category, Art. 9');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save to read (Markdown)' }).click(),
    ]);
    expect(await readFile(await download.path(), 'utf8')).toContain('# Record of processing activities');
  });

  it('checks the signature of an erasure receipt by itself, and tells one that was changed', async () => {
    const page = await open('receipts');
    await says(page, '.card', 'Request of the person');
    await page.getByRole('button', { name: 'Check the signature' }).click();
    await says(page, '.verdict', 'genuine The signature is that of the published key');
    await page.route('**/v1/erasure-receipts', async (route) => {
      const answer = await route.fetch();
      const { receipts } = (await answer.json()) as { receipts: { receipt: { reason: string } }[] };
      for (const { receipt } of receipts) receipt.reason = 'objection';
      await route.fulfill({ json: { receipts } });
    });
    await page.getByRole('button', { name: 'Find' }).click();
    await says(page, '.card', 'Objection');
    await page.getByRole('button', { name: 'Check the signature' }).click();
    await says(page, '.verdict', 'something in the receipt was changed');
  });

  it('publishes a notice, whose words never change', async () => {
    const page = await open('notices');
    const publish = async () => {
      await page.fill('#in-version', '2026-06');
      await page.fill('#in-language', 'fr');
      await page.check('input[value="verification"]');
      await page.fill('#in-text', 'Nous créons une empreinte vocale.');
      await page.getByRole('button', { name: 'Publish' }).click();
    };
    await publish();
    await says(page, '.feedback', 'Published.');
    await page.getByText('2026-06 (fr)').waitFor();
    await publish();
    await says(page, '.feedback', 'Not published. Words never change within a version');
  });

  it('saves a ledger as a file that holds every row', async () => {
    const page = await open('exports');
    await page.selectOption('#in-ledger', 'consents');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as JSON Lines' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('consents.jsonl');
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { record: { seq: number } }).record.seq)).toEqual([
      1, 2, 3,
    ]);
    await says(page, '.feedback', 'Saved.');
  });

  it('runs nothing but its own files, and the console stays silent', async () => {
    const said: string[] = [];
    context = await browser.newContext({ viewport: desk });
    const page = await context.newPage();
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(String(error)));
    const answer = await page.goto(`${app.url}/privacy#token=${bank.tokens.privacy}`);
    await page.waitForSelector('#office:not([hidden])');
    await page.locator('#view:not(:has([aria-busy]))').waitFor();
    expect(said).toEqual([]);
    expect(page.url()).not.toContain('token');
    expect(answer?.headers()['content-security-policy']).toContain("script-src 'self'; style-src 'self'");
  });

  async function picture(page: Page, name: string): Promise<void> {
    if (pictures !== undefined) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
  }
});

async function says(page: Page, selector: string, words: string): Promise<void> {
  await page.locator(selector, { hasText: words }).first().waitFor();
}

/** How far the page can be scrolled sideways, in CSS pixels. */
function sidewaysScroll(page: Page): Promise<number> {
  const root = 'document.documentElement';
  return page.evaluate<number>(`${root}.scrollWidth - ${root}.clientWidth`);
}

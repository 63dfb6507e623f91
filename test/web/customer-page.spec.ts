import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { SignedReceipt } from '../../src/core/privacy/erasure-receipt.js';
import { createEngine } from '../../src/engine/threaded-engine.js';
import { clientOf, type Client } from '../customers/support.js';
import { Bank } from '../self-service/support.js';
import { accessibilityFaults, describeInChromium, launchChromium } from './support/chromium.js';
import { aRecording } from './support/fake-microphone.js';

/** Half a minute of speech takes half a minute, and a busy machine takes its time beside it. */
jest.setTimeout(90_000);

const phone = { width: 320, height: 640 };
const desk = { width: 1100, height: 800 };

describeInChromium('the customer page in Chromium', () => {
  let engine: Awaited<ReturnType<typeof createEngine>>;
  let bank: Bank;
  let browser: Browser;
  let privacy: Client;
  let context: BrowserContext | undefined;
  let customerId: string;
  let folder: string;
  let microphone: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'timbre-microphone-'));
    microphone = join(folder, 'microphone.wav');
    writeFileSync(microphone, aRecording('june/enrol-1', 'june/enrol-2'));
    engine = await createEngine({
      modelDir: new URL('../../models/timbre-sv-8k-v1', import.meta.url).pathname,
      workers: 1,
    });
    bank = await Bank.open(engine);
    privacy = clientOf(bank.server.url, await bank.server.makeToken(bank.tenantId, 'privacy'));
    browser = await launchChromium(
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-audio-capture=${microphone}`,
    );
  }, 60_000);
  beforeEach(async () => {
    customerId = await bank.customer();
  });
  afterEach(() => context?.close());
  afterAll(async () => {
    await browser.close();
    await bank.close();
    await engine.shutdown();
    rmSync(folder, { recursive: true });
  });

  async function openPage(options: BrowserContextOptions = {}): Promise<Page> {
    context = await browser.newContext({ viewport: phone, locale: 'en-GB', ...options });
    return context.newPage();
  }

  async function visit(options: BrowserContextOptions = {}, wanted: object = {}): Promise<Page> {
    const page = await openPage(options);
    await page.goto(`${bank.server.url}/me#link=${await bank.link(customerId, wanted)}`);
    await page.waitForSelector('#sheet:not([hidden])');
    return page;
  }

  const says = (page: Page, selector: string, words: string | RegExp): Promise<void> =>
    page.locator(selector, { hasText: words }).waitFor({ timeout: 60_000 });
  const held = (page: Page): Promise<string | null> => page.getAttribute('#status', 'data-held');
  const agree = async (page: Page): Promise<void> => {
    for (const purpose of ['verification', 'enrolment']) {
      await page.click(`#toggle-${purpose}`);
      await page.waitForSelector(`#toggle-${purpose}[aria-checked="true"]`);
    }
  };

  it('tells of a voiceprint that does not count yet, and of one that somebody else offered in the customer’s name', async () => {
    const page = await visit({ viewport: desk });
    await agree(page);
    const staff = clientOf(bank.server.url, await bank.server.makeToken(bank.tenantId, 'customer-service'));
    for (const [voice, status] of [
      ['june/enrol-1', 201],
      ['june/enrol-2', 201],
      ['carlo/enrol-1', 202],
    ] as const) {
      await staff
        .post(`/v1/customers/${customerId}/enrolments`)
        .attach('file', `samples/speech/${voice}.wav`)
        .expect(status);
    }
    const again = await visit({ viewport: phone });
    await says(again, '#status-facts', 'Counts in calls from');
    await says(again, '#status-facts', 'Another one waits for our decision');
    expect(await accessibilityFaults(again)).toEqual([]);
  });

  it('takes its owner from consent to a voiceprint of their own voice, and back to nothing', async () => {
    const page = await visit();
    expect(await held(page)).toBe('none');
    await says(page, '.notice', 'With your permission we make a pattern of your voice');
    await says(page, '#record-lead', 'first switch on');
    expect(await page.isVisible('#record-start')).toBe(false);

    await agree(page);
    await says(page, '#agree-feedback', 'Your decision is recorded.');
    await page.click('#record-start');
    await says(page, '#heard', /^0 of 20 seconds/);
    // By a selector: the page's policy forbids it to evaluate a string, as waiting for one's truth would on the second look.
    await page.locator('xpath=//*[@id="meter"][number(@data-level) > 5]').waitFor({ state: 'attached' });
    const first = await page.textContent('#prompt');
    await says(page, '#heard', /^1\d of 20 seconds/);
    expect(await page.textContent('#prompt')).not.toBe(first);
    await says(page, '#hint', 'Good, go on reading.');
    expect(await accessibilityFaults(page)).toEqual([]);

    await page.waitForSelector('#status[data-held="held"]', { timeout: 90_000 });
    await says(page, '#record-feedback', 'Done. Your voiceprint has been made and is kept until');
    await says(
      page,
      '#status-facts',
      'It is deleted when you have not been in touch with us for a long time.',
    );

    const saving = page.waitForEvent('download');
    await page.click('#data-json');
    const bundle = JSON.parse(readFileSync(await (await saving).path(), 'utf8')) as object;
    expect(bundle).toMatchObject({ voiceprints: [{ status: 'active', source: 'microphone' }] });
    const savingPage = page.waitForEvent('download');
    await page.click('#data-page');
    expect(readFileSync(await (await savingPage).path(), 'utf8')).toContain('<!doctype html>');
    await says(page, '#data-feedback', 'saved to your downloads');

    await page.click('#toggle-enrolment');
    await says(page, '#agree-feedback', 'What was held of your voice has been destroyed.');
    expect(await held(page)).toBe('ended');
    await says(page, '#status-facts', 'Because you withdrew your agreement.');
    await says(page, '#purpose-state-enrolment', 'You said no on');
  }, 240_000);

  it('takes a request, and says by when it is answered', async () => {
    const page = await visit();
    await page.selectOption('#request-kind', 'access');
    await page.click('#request-form button');
    await says(page, '#request-list li', /What is held, with explanations.*we answer by/);
    await says(page, '#request-feedback', 'We have received it.');
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('takes an objection, shows it while it holds, and takes it back', async () => {
    const page = await visit();
    await page.selectOption('#request-kind', 'limit');
    await page.click('#request-form button');
    await says(page, '#objection-list li', /Limited use of my voice.*until you take it back/);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.click('#objection-list button');
    await says(page, '#request-feedback', 'You have taken it back.');
    await page.waitForSelector('#objection-list', { state: 'hidden' });
    expect(await page.evaluate('document.activeElement.id')).toBe('requests-title');
  });

  it('leads to the public policy of retention, which anybody can read on any screen', async () => {
    const page = await visit({ viewport: { width: 320, height: 640 } });
    const [policy] = await Promise.all([page.waitForEvent('popup'), page.click('#retention-policy')]);
    await says(policy, 'h1', /How long .* keeps what it makes of your voice/);
    expect(await accessibilityFaults(policy)).toEqual([]);
    expect(await sidewaysScroll(policy)).toBe(0);
    expect(await policy.locator('h3').allInnerTexts()).toContain(
      'Illinois Biometric Information Privacy Act',
    );
    await policy.close();
  });

  it('erases everything after asking once more, and hands out the receipt', async () => {
    const page = await visit();
    await agree(page);
    await page.click('#erase');
    await says(page, 'dialog[open] h2', 'Erase everything?');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await page.isVisible('dialog')).toBe(false);
    await page.click('#erase');
    await page.click('#erase-keep');
    await page.waitForSelector('#sheet:not([hidden])');
    await page.click('#erase');
    await page.click('#erase-confirm');
    await says(page, '#erased-title', 'Everything has been erased');
    expect(await page.isVisible('#sheet')).toBe(false);
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await sidewaysScroll(page)).toBe(0);
    const saving = page.waitForEvent('download');
    await page.click('#receipt');
    const saved = await saving;
    const receipt = JSON.parse(readFileSync(await saved.path(), 'utf8')) as SignedReceipt;
    expect(saved.suggestedFilename()).toBe(`erasure-receipt-${receipt.receipt.erasureId}.json`);
    expect(receipt).toMatchObject({ receipt: { customerId, kind: 'timbre-erasure-receipt' } });
    await says(page, '#receipt-facts', receipt.receipt.erasureId);
    await page.reload();
    await says(page, '#closed-title', 'Please come in through our site');
  });

  it('goes by the keyboard alone, and says aloud what came of it', async () => {
    const page = await visit();
    await page.keyboard.press('Tab');
    expect(await page.evaluate<string>('document.activeElement.className')).toBe('skip');
    await page.focus('#toggle-verification');
    await page.keyboard.press('Space');
    await page.waitForSelector('#toggle-verification[aria-checked="true"]');
    expect(await page.evaluate<string>('document.activeElement.id')).toBe('toggle-verification');
    const spoken = page.getByRole('status').filter({ hasText: 'Your decision is recorded.' });
    await spoken.waitFor();
    const toggle = page.getByRole('switch', { name: 'Check my voice when I call' });
    expect(await toggle.getAttribute('aria-checked')).toBe('true');
  });

  it('has nothing for axe to find and no sideways scrolling, narrow and wide, light and dark', async () => {
    for (const viewport of [phone, desk]) {
      const page = await visit({ viewport });
      await agree(page);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await accessibilityFaults(page)).toEqual([]);
        expect(await sidewaysScroll(page)).toBe(0);
      }
      await page.click('#leave');
      await says(page, '#closed-title', 'You have left');
      expect(await accessibilityFaults(page)).toEqual([]);
      await context?.close();
    }
  });

  it('takes the link out of the address, keeps the visit over a reload and ends it on leaving', async () => {
    const page = await openPage();
    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(request.url()));
    const link = await bank.link(customerId);
    await page.goto(`${bank.server.url}/me#link=${link}`);
    await page.waitForSelector('#sheet:not([hidden])');
    expect(page.url()).toBe(`${bank.server.url}/me`);
    expect(addresses.filter((address) => address.includes('tml_'))).toEqual([]);
    await page.reload();
    await page.waitForSelector('#sheet:not([hidden])');
    expect(
      await page.evaluate<unknown>('[sessionStorage.length, localStorage.length, document.cookie]'),
    ).toEqual([0, 0, '']);
    await page.click('#leave');
    await says(page, '#closed-title', 'You have left');
    expect(await page.textContent('#account')).toBe('');
    await page.reload();
    await says(page, '#closed-title', 'Please come in through our site');
  });

  it('says of a link that was used, has expired or was made up what is the matter', async () => {
    const used = await bank.link(customerId);
    await bank.browser().open(used).expect(201);
    const expired = await bank.link(customerId, { validForSeconds: 30 });
    bank.clock.now += 31_000;
    for (const [link, words] of [
      [used, 'This link has been used already'],
      [expired, 'This link has expired'],
      ['tml_made_up', 'This link is not valid'],
    ] as const) {
      const page = await openPage();
      await page.goto(`${bank.server.url}/me#link=${link}`);
      await says(page, '#closed-title', words);
      await says(page, '#closed-text', 'open the page from there again');
      expect(await accessibilityFaults(page)).toEqual([]);
      await context?.close();
    }
  });

  it('shows nobody’s data any more once the visit is over', async () => {
    const page = await visit();
    bank.clock.now += 11 * 60_000;
    await page.click('#toggle-verification');
    await says(page, '#closed-title', 'Your visit has ended');
    expect(await page.isVisible('#sheet')).toBe(false);
  });

  it('offers what the link is for and nothing else', async () => {
    const page = await visit({}, { scopes: ['view'] });
    expect(await page.isDisabled('#toggle-verification')).toBe(true);
    expect(await page.isVisible('#record')).toBe(false);
  });

  it('speaks the language of the bank’s site, shows the notice in it and records that one', async () => {
    const words = 'Wir erstellen einen Stimmabdruck, wenn Sie zustimmen.';
    const notice = { version: '2026-06', purposes: ['verification', 'enrolment'], asksAgain: false };
    await privacy
      .post('/v1/consent-notices')
      .send({ ...notice, language: 'en', text: 'We make a voiceprint.' });
    await privacy.post('/v1/consent-notices').send({ ...notice, language: 'de', text: words });
    await privacy
      .post('/v1/consent-notices')
      .send({ ...notice, language: 'cy', text: 'Rydym yn creu olion llais.' });
    const page = await visit({}, { language: 'de-AT' });
    expect(await page.getAttribute('html', 'lang')).toBe('de');
    await says(page, '#status-title', 'Von Ihrer Stimme ist nichts gespeichert');
    await says(page, '.notice', words);
    await page.click('#toggle-verification');
    await says(page, '#agree-feedback', 'Danke.');
    expect(
      await bank.rows(
        'SELECT notice_version, notice_language FROM consents WHERE customer_id = $1',
        customerId,
      ),
    ).toEqual([{ notice_version: '2026-06', notice_language: 'de' }]);
    expect(await accessibilityFaults(page)).toEqual([]);
    const [copy] = await Promise.all([page.waitForEvent('download'), page.click('#data-page')]);
    expect(readFileSync(await copy.path(), 'utf8')).toContain('<html lang="de">');

    // A notice in a language that the page does not speak: the page in English, the notice in its own.
    await page.selectOption('#language', 'cy');
    expect(await page.getAttribute('html', 'lang')).toBe('en');
    expect(await page.getAttribute('.notice', 'lang')).toBe('cy');
    await says(page, '#status-title', 'Nothing of your voice is held');
  });

  it('says in plain words what is wrong with the microphone', async () => {
    const page = await visit();
    await agree(page);
    for (const [name, words] of [
      ['NotAllowedError', 'may not use your microphone'],
      ['NotFoundError', 'No microphone was found'],
      ['NotReadableError', 'in use by another program'],
    ] as const) {
      await page.evaluate(
        `navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '${name}'))`,
      );
      await page.click('#record-start');
      await says(page, '#record-feedback', words);
      expect(await page.isVisible('#record-start')).toBe(true);
    }
  });

  it('says while recording, and afterwards, what would make the voice better to hear', async () => {
    const page = await visit();
    await agree(page);
    await page.routeWebSocket('**/v1/me/enrolment', (socket) => {
      const say = (message: object): void => {
        socket.send(JSON.stringify(message));
      };
      let blocks = 0;
      socket.onMessage((message) => {
        if (typeof message === 'string') {
          if (message.includes('start')) say({ type: 'started', neededMs: 20_000, netSpeechMs: 0 });
          return;
        }
        blocks += 1;
        if (blocks === 1)
          say({ type: 'progress', netSpeechMs: 2000, neededMs: 20_000, hints: ['quality-noisy'] });
        if (blocks === 25)
          say({ type: 'result', result: { kind: 'refused', reasons: ['quality-noisy', 'two-speakers'] } });
      });
    });
    await page.click('#record-start');
    await says(page, '#hint', 'There is too much noise around you.');
    await says(page, '#record-feedback', 'More than one voice was heard.');
    await says(page, '#record-feedback', 'nothing of it has been kept');
  });

  it('keeps nothing when the recording is cancelled', async () => {
    const page = await visit();
    await agree(page);
    await page.click('#record-start');
    await says(page, '#heard', /^[1-9]\d? of 20 seconds/);
    await page.click('#record-cancel');
    await says(page, '#record-feedback', 'Nothing of what you said has been kept.');
    await page.reload();
    await page.waitForSelector('#status[data-held="none"]');
  });
});

async function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

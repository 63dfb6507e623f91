import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { AgentState } from '../../src/core/calls/agent-view.js';
import type { CallResult } from '../../src/core/calls/result.js';
import type { TenantId } from '../../src/core/ids.js';
import { accessibilityFaults, describeInChromium, launchChromium } from './support/chromium.js';
import { startLiveApp, type LiveApp } from './support/live-app.js';
import { aResult, sevenStates, type ResultParts } from './support/results.js';

const sidePanel = { width: 320, height: 640 };
const desk = { width: 1280, height: 800 };

describeInChromium('the agent page in Chromium', () => {
  let app: LiveApp;
  let browser: Browser;
  let tenantId: TenantId;
  let token: string;
  let context: BrowserContext | undefined;

  beforeAll(async () => {
    app = await startLiveApp();
    browser = await launchChromium();
  });
  beforeEach(async () => {
    // A tenant of its own: each test sees its own calls only.
    tenantId = await app.tenant();
    ({ token } = await app.token(tenantId, 'agent'));
  });
  afterEach(() => context?.close());
  afterAll(async () => {
    await browser.close();
    await app.stop();
  });

  /** A page of its own browser profile. The customers' routes are answered here: the test's app has no customers. */
  async function openPage(options: BrowserContextOptions = {}): Promise<Page> {
    context = await browser.newContext({ viewport: sidePanel, ...options });
    const page = await context.newPage();
    await page.route('**/v1/customers/*', (route) => route.fulfill({ json: { accountRef: 'ACC-1001' } }));
    await page.route('**/v1/customers/*/consents', (route) => route.fulfill({ json: { consents: [] } }));
    return page;
  }

  const live = (page: Page): Promise<unknown> => page.waitForSelector('body[data-connection="live"]');

  async function openCall(parts: ResultParts = {}): Promise<CallResult> {
    const result = aResult({ externalId: 'LN-4802', ...parts });
    await app.openCall(tenantId, result);
    return result;
  }

  async function pageOn(result: CallResult, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await openPage(options);
    await page.goto(`${app.url}/agent?call=${result.callId}#token=${token}`);
    await page.waitForSelector('#call:not([hidden])');
    await live(page);
    return page;
  }

  const states = Object.keys(sevenStates) as AgentState[];
  const looks = [
    { colorScheme: 'light', viewport: sidePanel },
    { colorScheme: 'dark', viewport: sidePanel },
    { colorScheme: 'dark', viewport: desk },
    { colorScheme: 'light', viewport: desk },
  ] as const;

  it.each(states)(
    'shows %s in words with nothing for axe to find, narrow and wide, light and dark',
    async (state) => {
      const result = await openCall(sevenStates[state]);
      if (state === 'high-risk') await app.flagged(tenantId, result, ['The voice is not the customer’s.']);
      const page = await pageOn(result);
      for (const { colorScheme, viewport } of looks) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(viewport);
        const { title, reason, nextStep } = result.agent;
        expect(await page.textContent('#call-title')).toBe(title);
        expect(await page.textContent('#reason')).toBe(reason);
        expect(await page.textContent('#next-step')).toBe(nextStep);
        expect(await page.textContent('#fact-customer')).toBe('ACC-1001');
        expect(await page.isVisible('#flag')).toBe(state === 'high-risk');
        expect(await accessibilityFaults(page)).toEqual([]);
        expect(await sidewaysScroll(page)).toBe(0);
      }
    },
  );

  it('has a picture of its own for each state, so that colour is never the only sign', async () => {
    for (const state of states) await openCall({ ...sevenStates[state], externalId: state });
    const page = await openPage();
    await page.goto(`${app.url}/agent#token=${token}`);
    await page.waitForSelector('.call-item');
    const icons = await page.evaluate<string[]>(
      `[...document.querySelectorAll('.call-item use')].map((use) => use.getAttribute('href'))`,
    );
    expect(new Set(icons).size).toBe(7);
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await sidewaysScroll(page)).toBe(0);
  });

  it('needs no sideways scrolling at 200 % zoom, nor with names that never end', async () => {
    const result = await openCall({ externalId: 'x'.repeat(120) });
    for (const width of [desk.width / 2, 320]) {
      const page = await pageOn(result, { viewport: { width, height: 400 }, deviceScaleFactor: 2 });
      expect(await sidewaysScroll(page)).toBe(0);
      await context?.close();
    }
  });

  it('moves nothing for those who asked for less motion', async () => {
    const page = await pageOn(await openCall(), { reducedMotion: 'reduce' });
    const moving = await page.evaluate<number>(
      `[...document.querySelectorAll('*')].filter((one) => !/^0s(, 0s)*$/.test(getComputedStyle(one).transitionDuration)).length`,
    );
    expect(moving).toBe(0);
  });

  it('takes a token from the fragment once, and leaves it in no address', async () => {
    const page = await openPage();
    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(request.url()));
    page.on('websocket', (socket) => addresses.push(socket.url()));
    await page.goto(`${app.url}/agent#token=${token}`);
    await live(page);
    expect(page.url()).toBe(`${app.url}/agent`);
    expect(addresses.filter((address) => address.includes(token))).toEqual([]);
    await page.reload();
    await live(page);
    await page.click('#sign-out');
    expect(await page.isVisible('#sign-in')).toBe(true);
    expect(
      await page.evaluate<unknown>('[sessionStorage.length, localStorage.length, document.cookie]'),
    ).toEqual([0, 0, '']);
  });

  it('says why a token does not do', async () => {
    const { token: telephony } = await app.token(tenantId, 'telephony');
    const page = await openPage();
    for (const [wrong, words] of [
      ['tmb_nothing', 'not valid'],
      [telephony, 'role agent, fraud or admin'],
    ] as const) {
      await page.goto('about:blank');
      await page.goto(`${app.url}/agent#token=${wrong}`);
      await says(page, '#sign-in-problem', words);
      expect(await accessibilityFaults(page)).toEqual([]);
    }
  });

  it('goes back to sign-in when the token is revoked', async () => {
    const short = await app.token(tenantId, 'agent');
    const page = await openPage();
    await page.goto(`${app.url}/agent#token=${short.token}`);
    await live(page);
    await app.revoke(tenantId, short.tokenId);
    await page.waitForSelector('#sign-in:not([hidden])');
    expect(await page.textContent('#sign-in-problem')).toMatch(/not valid, or no longer/);
    expect(await page.isVisible('#workspace')).toBe(false);
  });

  it('shows speech growing, as a bar, in words and to screen readers, then the decision', async () => {
    const result = await openCall({ verification: { netSpeechMs: 1000 } });
    const page = await pageOn(result);
    const same: ResultParts = {
      callId: result.callId,
      externalId: 'LN-4802',
      customerId: result.claimedCustomerId,
    };
    await app.say(tenantId, aResult({ ...same, verification: { netSpeechMs: 3200 } }));
    await page.waitForSelector('progress[aria-valuetext="3.2 of 5 seconds of speech"]');
    expect(await page.textContent('#progress-text')).toBe('3.2 of 5 seconds of speech');
    await page.getByRole('progressbar', { name: 'Speech collected' }).waitFor();
    expect(await page.textContent('#polite')).toMatch(/^Not sure yet\./);
    await app.say(tenantId, aResult({ ...same, ...sevenStates.verified }));
    await says(page, '#polite', 'Verified.');
    expect(await page.isVisible('#progress')).toBe(false);
    expect(await page.textContent('#assertive')).toBe('');
    expect(await page.title()).toMatch(/^Verified/);
    await app.say(tenantId, aResult({ ...same, ...sevenStates['high-risk'] }));
    await says(page, '#assertive', 'High risk.');
    expect(await page.textContent('#polite')).toBe('');
  });

  it('never shows a score', async () => {
    const result = await openCall({
      verification: { ...sevenStates.verified.verification, llr: 7.891, posterior: 0.98765 },
    });
    const page = await pageOn(result);
    expect(await page.innerHTML('body')).not.toMatch(/7\.89|0\.98|98\.7|synthetic|deepfake|fake/i);
  });

  it('says that it is reconnecting after a drop, and goes on with every event once and in order', async () => {
    const result = await openCall();
    const page = await openPage();
    const [addresses, heard]: [string[], string[]] = [[], []];
    page.on('websocket', (socket) => {
      addresses.push(socket.url());
      socket.on('framereceived', ({ payload }) => {
        const message = JSON.parse(String(payload)) as {
          type: string;
          payload: { verification: { netSpeechMs: number } };
        };
        if (message.type === 'event') heard.push(String(message.payload.verification.netSpeechMs));
      });
    });
    await page.goto(`${app.url}/agent?call=${result.callId}#token=${token}`);
    await live(page);
    await page.evaluate(watchConnection);
    const wanted: string[] = [];
    const say = async (netSpeechMs: number): Promise<void> => {
      wanted.push(String(netSpeechMs));
      await app.say(tenantId, aResult({ callId: result.callId, verification: { netSpeechMs } }));
    };
    for (let n = 1; n <= 60; n++) {
      await say(n);
      if (n % 20 === 0) app.cutConnections();
    }
    await say(4200);
    await page.waitForSelector('progress[aria-valuetext="4.2 of 5 seconds of speech"]');
    await live(page);
    expect(heard).toEqual(wanted);
    expect(addresses.length).toBeGreaterThan(1);
    for (const address of addresses.slice(1)) expect(address).toMatch(/\?after=\d+$/);
    const said = await page.evaluate<string[]>('said');
    expect(said).toEqual(
      expect.arrayContaining([expect.stringMatching(/^reconnecting false Not live: reconnecting\./)]),
    );
    expect(said.at(-1)).toMatch(/^live true/);
  });

  it('is worked by keyboard alone, from signing in to naming the customer', async () => {
    const result = await openCall({
      customerId: null,
      verification: { state: 'not-claimed', reason: 'no-customer-claimed', consentId: null },
    });
    const page = await openPage();
    const asked: { url: string; body: unknown }[] = [];
    await page.route('**/v1/calls/**', (route) => {
      asked.push({ url: route.request().url(), body: route.request().postDataJSON() });
      return route.fulfill({ json: {} });
    });
    await page.goto(`${app.url}/agent`);
    await tabTo(page, '#token');
    await page.keyboard.type(token);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.call-item');
    await tabTo(page, '.call-item');
    await page.keyboard.press('Enter');
    // The list has given way to the call: the focus goes there too.
    await page.locator('#call-title:focus').waitFor();
    await tabTo(page, '#customer');
    await page.keyboard.type('ACC-1001');
    await page.keyboard.press('Enter');
    await says(page, '#customer-feedback', 'Customer ACC-1001 named.');
    expect(asked).toEqual([
      { url: `${app.url}/v1/calls/${result.callId}/claim`, body: { customer: 'ACC-1001' } },
    ]);
    await tabTo(page, '#account-event');
    await page.keyboard.type('Payout');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await says(page, '#account-feedback', 'Recorded: Payout.');
    expect(asked.at(-1)?.body).toEqual({ kind: 'payout' });
    await tabTo(page, '#back');
    await page.keyboard.press('Enter');
    expect(await page.locator('.call-item:focus').count()).toBe(1);
  });

  it('asks for what the agent presses, and says the detail of a refusal', async () => {
    const result = await openCall(sevenStates['not-enrolled']);
    const page = await pageOn(result);
    const customer = `/v1/customers/${result.claimedCustomerId ?? ''}`;
    const asked: string[] = [];
    let consents: object[] = [];
    await page.route('**/v1/customers/*/consents', (route) => {
      const { method, body } = {
        method: route.request().method(),
        body: route.request().postDataJSON() as unknown,
      };
      if (method === 'GET') return route.fulfill({ json: { consents } });
      asked.push(`${method} consents ${JSON.stringify(body)}`);
      consents = [{ consentId: 'c1', state: 'granted', standingPurposes: ['verification', 'enrolment'] }];
      return route.fulfill({ status: 201, json: consents[0]! });
    });
    await page.route('**/v1/customers/*/consents/*', (route) => {
      asked.push(
        `${route.request().method()} ${new URL(route.request().url()).pathname.replace(customer, '')}`,
      );
      consents = [];
      return route.fulfill({ json: {} });
    });
    await page.route('**/v1/calls/*/enrolment', (route) =>
      route.fulfill({
        status: 409,
        contentType: 'application/problem+json',
        json: { title: 'A suspicious call cannot enrol a voiceprint', detail: 'The caller changed.' },
      }),
    );
    const notice = await page.textContent('#notice');
    expect(await page.isVisible('#enrol')).toBe(false);
    await page.click('#consent-given');
    await page.click('#enrol');
    await says(page, '#enrolment-feedback', 'Not done. The caller changed.');
    await page.click('#consent-withdrawn');
    await page.waitForSelector('#consent-given:visible');
    expect(asked).toEqual([expect.stringContaining('POST consents'), 'DELETE /consents/c1']);
    expect(JSON.parse(asked[0]!.replace('POST consents ', ''))).toMatchObject({
      purposes: ['verification', 'enrolment'],
      method: 'read-by-agent',
      noticeText: notice,
    });
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('keeps the ended call in view, and says that it ended', async () => {
    const result = await openCall(sevenStates.verified);
    const page = await pageOn(result);
    await app.closeCall(tenantId, result);
    await page.waitForSelector('#ended:not([hidden])');
    expect(await page.isVisible('#step')).toBe(false);
    expect(await page.isVisible('#who')).toBe(false);
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('runs nothing but its own files: no inline script or style, and the console stays silent', async () => {
    const page = await openPage();
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(String(error)));
    const answer = await page.goto(`${app.url}/agent#token=${token}`);
    await live(page);
    expect(said).toEqual([]);
    const headers = answer!.headers();
    expect(headers['content-security-policy']).toContain(
      "default-src 'none'; script-src 'self'; style-src 'self'",
    );
    expect(headers['cache-control']).toBe('no-cache');
    const again = await fetch(`${app.url}/agent`, { headers: { 'If-None-Match': headers['etag'] ?? '' } });
    expect(again.status).toBe(304);
    for (const path of [
      'js/main.ts',
      'js/..%2f..%2fweb.module.js',
      'browser',
      'agent.html',
      'js/main.js.map',
    ]) {
      expect((await fetch(`${app.url}/agent/${path}`)).status).toBe(404);
    }
  });
});

/** Keeps, in the page, what it said of its connection at each change of it. */
const watchConnection = `
  window.said = [];
  new MutationObserver(() => {
    const stale = document.querySelector('#stale');
    said.push([document.body.dataset.connection, stale.hidden, stale.innerText].join(' '));
  }).observe(document.querySelector('#connection-text'), { childList: true, subtree: true });
  undefined;
`;

async function says(page: Page, selector: string, words: string): Promise<void> {
  await page.locator(selector, { hasText: words }).waitFor({ state: 'attached' });
}

/** How far the page can be scrolled sideways, in CSS pixels. */
function sidewaysScroll(page: Page): Promise<number> {
  const root = 'document.documentElement';
  return page.evaluate<number>(`${root}.scrollWidth - ${root}.clientWidth`);
}

async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab');
    if ((await page.locator(`${selector}:focus`).count()) > 0) return;
  }
  throw new Error(`${selector} cannot be reached with Tab`);
}

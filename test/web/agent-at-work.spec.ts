import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { WebSocket } from 'ws';
import type { Role } from '../../src/core/auth/principal.js';
import { defaultPolicy } from '../../src/core/policy/policy.js';
import type { TenantId } from '../../src/core/ids.js';
import { startApp, type TestApp } from '../support/app.js';
import { describeInChromium, launchChromium } from './support/chromium.js';

describeInChromium('an agent at work in Chromium, against all of Timbre', () => {
  let app: TestApp;
  let browser: Browser;
  let tenantId: TenantId;

  beforeAll(async () => {
    app = await startApp();
    tenantId = await app.makeTenant();
    await flagEverythingSensitive();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await app.close();
  });

  /** The caller says nothing here, and a payout alone is a flag only to who wants it so. */
  async function flagEverythingSensitive(): Promise<void> {
    const severityFromExpectedCost = { ...defaultPolicy.risk.severityFromExpectedCost, low: 0 };
    const policy = { ...defaultPolicy, risk: { ...defaultPolicy.risk, severityFromExpectedCost } };
    const answer = await fetch(`${app.url}/v1/policy`, {
      method: 'PUT',
      headers: { Authorization: `Bearer ${await token('admin')}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ ...policy, version: undefined }),
    });
    expect(answer.status).toBe(200);
  }

  async function makeCustomer(accountRef: string): Promise<void> {
    const answer = await fetch(`${app.url}/v1/customers`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${await token('customer-service')}`,
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({ accountRef, residence: 'DE' }),
    });
    expect(answer.status).toBe(201);
  }

  const token = (role: Role): Promise<string> => app.makeToken(tenantId, role);

  /** A caller on the line who says nothing. */
  async function ring(externalId: string): Promise<WebSocket> {
    const line = new WebSocket(`${app.url.replace('http', 'ws')}/v1/telephony/stream`, {
      headers: { Authorization: `Bearer ${await token('telephony')}` },
    });
    await new Promise((resolve) => line.once('open', resolve));
    const started = new Promise((resolve) => line.once('message', resolve));
    line.send(
      JSON.stringify({
        type: 'start',
        callId: externalId,
        encoding: 'mulaw',
        sampleRateHz: 8000,
        channels: 1,
      }),
    );
    await started;
    return line;
  }

  const says = (page: Page, selector: string, words: string): Promise<void> =>
    page.locator(selector, { hasText: words }).waitFor();

  it('names the customer, takes and loses consent, records a payout that is flagged, and sees the call end', async () => {
    await makeCustomer('ACC-1001');
    const line = await ring('LN-77');
    const page = await browser.newPage({ viewport: { width: 320, height: 640 } });
    await page.goto(`${app.url}/agent?call=LN-77#token=${await token('agent')}`);
    await says(page, '#reason', 'No customer has been named');

    await page.fill('#customer', 'ACC-9999');
    await page.press('#customer', 'Enter');
    await says(page, '#customer-feedback', 'Not done.');
    await page.fill('#customer', 'ACC-1001');
    await page.press('#customer', 'Enter');
    await says(page, '#call-title', 'No voice check');
    await says(page, '#fact-customer', 'ACC-1001');

    await page.click('#consent-given');
    await says(page, '#call-title', 'Not enrolled');
    await page.click('#enrol');
    await says(page, '#enrolment-feedback', 'Gathering speech');
    await page.click('#consent-withdrawn');
    await says(page, '#call-title', 'No voice check');
    await says(page, '#consent-feedback', 'Withdrawn.');
    await page.locator('#consent-given').waitFor();

    await page.selectOption('#account-event', 'payout');
    await page.press('#account-event', 'Tab');
    await page.keyboard.press('Enter');
    await says(page, '#recorded', 'Payout');
    await says(page, '#flag-text', 'Flagged, severity');
    expect(await page.locator('#flag-reasons li').count()).toBeGreaterThan(0);

    line.close();
    await says(page, '#ended-text', 'The call ended at');
  });
});

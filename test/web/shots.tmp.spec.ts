import { afterAll, beforeAll, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { TenantId } from '../../src/core/ids.js';
import { accessibilityFaults, describeInChromium, launchChromium } from './support/chromium.js';
import { startLiveApp, type LiveApp } from './support/live-app.js';
import { aResult, sevenStates } from './support/results.js';

describeInChromium('shots', () => {
  let app: LiveApp; let tenantId: TenantId; let token: string; let browser: Browser;
  beforeAll(async () => {
    app = await startLiveApp(); tenantId = await app.tenant(); ({ token } = await app.token(tenantId, 'agent'));
    browser = await launchChromium();
  });
  afterAll(async () => { await browser.close(); await app.stop(); });
  it('all', async () => {
    const results = Object.entries(sevenStates).map(([state, parts], i) => [state, aResult({ ...parts, externalId: `LN-48${i}2` })] as const);
    for (const [state, result] of results) {
      await app.openCall(tenantId, result);
      if (state === 'high-risk') await app.flagged(tenantId, result, ['A payout was asked for while the caller was not verified.', 'The voice is not the customer’s.']);
    }
    for (const scheme of ['light', 'dark'] as const) for (const [w, h] of [[320, 640], [1280, 800]] as const) {
      const context = await browser.newContext({ colorScheme: scheme, viewport: { width: w, height: h } });
      const page = await context.newPage();
      page.on('console', (m) => { process.stdout.write(`console: ${m.text()}\n`); });
      page.on('pageerror', (e) => { process.stdout.write(`error: ${String(e)}\n`); });
      await page.route('**/v1/customers/*', (r) => r.fulfill({ json: { accountRef: 'ACC-1001' } }));
      await page.route('**/v1/customers/*/consents', (r) => r.fulfill({ json: { consents: [] } }));
      await page.goto(`${app.url}/agent#token=${token}`);
      await page.waitForSelector('.call-item');
      await page.screenshot({ path: `/tmp/shots/list-${w}-${scheme}.png` });
      for (const [state, result] of results) {
        const p = page;
        await p.goto(`${app.url}/agent?call=${result.callId}`);
        await p.waitForSelector('#call:not([hidden])');
        await p.waitForSelector('body[data-connection=live]');
        const faults = await accessibilityFaults(p);
        process.stdout.write(`${state} ${w} ${scheme} ${faults.join('\n')}\n`);
        const over = await p.evaluate(() => (globalThis as any).document.documentElement.scrollWidth);
        if (over > w) process.stdout.write(`OVERFLOW ${state} ${over}\n`);
        await p.screenshot({ path: `/tmp/shots/${state}-${w}-${scheme}.png`, fullPage: w === 320 });
      }
      await context.close();
    }
  }, 120_000);
});

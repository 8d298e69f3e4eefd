import type { Page } from 'playwright-core';
import { describeBrowser } from './chromium.js';
import { until } from '../sensor/judge/sensor-rig.js';
import { ConsoleRig } from './console-rig.js';

const markup = '<img src=x onerror="document.title=1"><script>document.title=2</script>"\'>';
const strings = {
  markup,
  bidi: 'srv-\u202e66\u2066-admin',
  ansi: '\u001b[31mred\u001b[0m\u0007',
  link: 'javascript:alert(1)//',
  template: '{{constructor.constructor("alert(1)")()}}${7*7}',
  long: 'x'.repeat(10_240),
};

/** Every text of an answer that a stranger may have written is this one. */
function strange(text: string, at: number): object {
  const party = { serverId: text, customerId: text };
  const names = { detail: text, claimedAddress: text, sensor: text, etherSource: text, claimedMac: text, port: text };
  const words = { rule: text, severity: text, observation: text, assignee: text, state: text, attribution: text };
  const times = { firstSeen: text, lastSeen: text };
  const numbers = { position: String(100 - at), violationId: `v${at}`, count: 1, switch: text, site: text };
  const history = [{ what: text, at: text, by: text, text }];
  return { ...names, ...words, ...times, ...numbers, offender: party, victim: party, why: text, history };
}

function strangeDetail(text: string): object {
  const party = { serverId: text, customerId: text, isFact: true, mayBe: [text] };
  const word = { device: text, mode: text, entries: [text], missing: [text], confirmed: false };
  return {
    why: text,
    day: { frames: Array.from({ length: 24 }, () => 1), until: text },
    offender: { ...party, macs: [{ mac: text, vendor: { kind: text, vendor: text } }] },
    victim: { ...party, now: { mac: text, port: text } },
    customer: { customerId: text, count: 1 },
    evidence: { frames: 1, sha256: text },
    devices: { ofVictim: [word], guards: [{ device: text, effect: text, frames: 1 }] },
    sensor: { name: text, state: text, lastFrame: text },
    containment: { state: text, requestedAt: text, reason: text },
  };
}

describeBrowser('what strangers wrote', () => {
  let rig: ConsoleRig;
  beforeAll(async () => {
    rig = await ConsoleRig.start();
  });
  afterAll(() => rig.stop());
  afterEach(() => rig.closePages());

  /** The engine refuses such names long before; the page trusts no check but its own. */
  async function openStrange(path: string): Promise<Page> {
    const page = await rig.open('ports');
    const all = Object.values(strings).map(strange);
    await page.route(/\/v1\/violations\?/, (route) => route.fulfill({ json: { violations: all } }));
    await page.route(/\/v1\/violations\/v\d\/detail/, (route) => {
      const at = Number(/v(\d)/.exec(route.request().url())?.[1]);
      return route.fulfill({ json: strangeDetail(Object.values(strings)[at] ?? '') });
    });
    await page.route(/\/v1\/violations\/v\d(?!\/)/, (route) => {
      const at = Number(/v(\d)/.exec(route.request().url())?.[1]);
      return route.fulfill({ json: all[at] ?? {} });
    });
    await page.goto(`${rig.engine.url}/console/${path}`);
    return page;
  }

  it('is shown as the text it is, in the list and in the detail, and runs nothing', async () => {
    const page = await openStrange('violations');
    await page.getByText('<img src=x onerror=').first().waitFor();
    await page.getByText('srv-\\u202e66\\u2066-admin').first().waitFor();
    await page.getByText('\\u001b[31mred\\u001b[0m\\u0007').first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    for (const at of Object.keys(strings).keys()) {
      if (at > 0) await page.keyboard.press(']');
      await page.waitForURL(new RegExp(`violations/v${at}`));
      await page.getByRole('heading', { name: 'Evidence' }).waitFor();
    }
    await page.getByText('(10,240 characters)').first().waitFor();
    expect(await page.title()).toBe('Violations · portledger');
    expect(await page.locator('#page img, #page script, #page [href^=javascript]').count()).toBe(0);
    // No character that turns, hides or colours text stands in the page.
    const text: string = await page.evaluate('document.body.innerText');
    expect(text.replace(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(rig.complaintsOf(page)).toEqual({ csp: [], errors: [] });
  });

  it('in an address is a filter or the name of a port, and no more', async () => {
    const page = await rig.open(`violations?q=${encodeURIComponent(markup)}&port=${encodeURIComponent(strings.bidi)}`);
    await page
      .getByText(/srv-\\u202e66/)
      .first()
      .waitFor();
    await page.goto(`${rig.engine.url}/console/ports/${encodeURIComponent(markup)}`);
    await page.getByRole('heading', { name: /<img src=x/ }).waitFor();
    expect(await page.locator('#page img, #page script').count()).toBe(0);
    expect(rig.complaintsOf(page)).toEqual({ csp: [], errors: [] });
  });

  it('would be reported if it ran: the reports of the browser are heard', async () => {
    const page = await openStrange('violations');
    await page.getByRole('row').nth(1).waitFor();
    await page.evaluate(`(() => {
      const image = document.createElement('img');
      image.src = 'https://elsewhere.example/x.png';
      document.body.append(image);
      try { document.body.innerHTML += '<p>'; } catch {}
    })()`);
    const { csp } = rig.complaintsOf(page);
    for (const directive of ['img-src', 'require-trusted-types-for'])
      await until(`${directive} is reported`, () => csp.some((report) => report.startsWith(directive)));
  });
});

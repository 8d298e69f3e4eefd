import { describeBrowser } from './chromium.js';
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

describeBrowser('what strangers wrote', () => {
  let rig: ConsoleRig;
  beforeAll(async () => {
    rig = await ConsoleRig.start();
    // Stored past every check, as a log of another time might have it: the page trusts no check but its own.
    for (const text of Object.values(strings)) {
      await rig.store(1, () => ({
        detail: text,
        claimedAddress: text,
        sensor: text,
        offenderServerId: text,
        victimServerId: text,
        victimCustomerId: text,
        etherSource: text,
        claimedMac: text,
        rule: text,
        severity: text.slice(0, 2_000),
        observation: text,
      }));
    }
  });
  afterAll(() => rig.stop());

  it('is shown as the text it is, in the list and in the detail, and runs nothing', async () => {
    const page = await rig.open('violations');
    await page.getByText('<img src=x onerror=').first().waitFor();
    await page.getByText('srv-\\u202e66\\u2066-admin').first().waitFor();
    await page.getByText('\\u001b[31mred\\u001b[0m\\u0007').first().waitFor();
    for (let row = 0; row < Object.keys(strings).length; row++) {
      await page.keyboard.press('j');
      await page.keyboard.press(row === 0 ? 'Enter' : 'ArrowRight');
      await page
        .getByRole('complementary')
        .getByText('Kept frames')
        .or(page.getByRole('heading', { name: 'Evidence' }))
        .first()
        .waitFor();
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
    const page = await rig.open('violations');
    await page.getByRole('row').nth(1).waitFor();
    await page.evaluate(`(() => {
      const image = document.createElement('img');
      image.src = 'https://elsewhere.example/x.png';
      document.body.append(image);
      try { document.body.innerHTML += '<p>'; } catch {}
    })()`);
    await page.getByRole('row').nth(1).waitFor();
    const { csp } = rig.complaintsOf(page);
    expect(csp.some((report) => report.startsWith('img-src'))).toBe(true);
    expect(csp.some((report) => report.startsWith('require-trusted-types-for'))).toBe(true);
  });
});

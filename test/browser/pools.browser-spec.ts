import { describeBrowser } from './chromium.js';
import { ConsoleRig } from './console-rig.js';

describeBrowser('the page of the pools', () => {
  let rig: ConsoleRig;
  beforeEach(async () => {
    rig = await ConsoleRig.start();
    await rig.pools();
  });
  afterEach(() => rig.stop());

  it('shows how full each is in what it is counted, the prefixes of customers, and who waits and why', async () => {
    const page = await rig.open('pools');
    await page
      .getByRole('row', { name: /^v4 203\.0\.113\.0\/28 default IPv4 add-ons .* 14 16 0\.00 not in sight$/ })
      .waitFor();
    const nets = page.getByRole('row', { name: /^nets 2001:db8:4000::\/44 default customers, in \/48s / });
    await nets.getByRole('img', { name: '14 of 16 free, 2 taken' }).waitFor();
    await page.getByRole('row', { name: /^links .* servers, in \/64s / }).waitFor();
    await page.getByRole('row', { name: /^cust-7 2001:db8:4000::\/48 net-1 65,536 of 65,536 free / }).waitFor();
    await page.getByRole('row', { name: /^cust-8 2001:db8:4008::\/48 by name / }).waitFor();
    const waiting = page.getByRole('table').first().getByRole('row').nth(1);
    expect(await waiting.innerText()).toContain(
      'there is no pool for customer prefixes that a /56 fits into at site far',
    );
  });

  it('follows: what is ordered, and served, appears by itself', async () => {
    const page = await rig.open('pools');
    await page.getByRole('row', { name: /net-2/ }).waitFor();
    await rig.publish('CustomerPrefixOrderCancelled', { customerId: 'cust-7', orderId: 'net-2' });
    await rig.publish('CustomerPrefixOrdered', { customerId: 'cust-9', orderId: 'net-1', site: 'default' });
    await page.getByRole('row', { name: /^cust-9 2001:db8:4001::\/48 net-1 / }).waitFor();
    await page.getByRole('img', { name: '13 of 16 free, 3 taken' }).waitFor();
    expect(await page.getByRole('heading', { name: 'Waiting' }).count()).toBe(0);
  });

  it('finds the prefixes of one customer, under an address of its own, and goes back to all', async () => {
    const page = await rig.open('violations');
    await page.getByText('Live').waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await page.getByRole('row', { name: /^cust-8/ }).waitFor();
    await page.getByLabel('Find the prefixes of a customer').fill('cust-7');
    await page.keyboard.press('Enter');
    await page.getByText('Of cust-7 alone.').waitFor();
    await page.getByRole('row', { name: /^cust-8/ }).waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('?customer=cust-7');
    await page.getByRole('link', { name: 'Of all customers' }).click();
    await page.getByRole('row', { name: /^cust-8/ }).waitFor();
  });
});

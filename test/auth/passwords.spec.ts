import { hash } from 'argon2';
import { hashPassword, PasswordCheck, passwordTrouble } from '../../src/auth/password.js';
import { password } from './local-user.js';

describe('a password', () => {
  it('is kept as argon2id with 64 MiB, 3 passes and 4 lanes, under a salt of its own', async () => {
    const [one, other] = await Promise.all([hashPassword(password), hashPassword(password)]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=65536,p=4,t=3\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(other).not.toBe(one);
    expect(await new PasswordCheck().fits(password, one)).toBe(true);
    expect(await new PasswordCheck().fits(`${password}x`, one)).toBe(false);
  });

  it('is the same however the keyboard spells its letters', async () => {
    expect(
      await new PasswordCheck().fits('Zu\u0308rich-Zu\u0308rich', await hashPassword('Z\u00fcrich-Z\u00fcrich')),
    ).toBe(true);
  });

  it.each([
    ['eleven characters', 'elevenchars'],
    ['one character again and again', 'aaaaaaaaaaaaaaa'],
    ["the user's name", 'my name is Anna!'],
    ['more than 1024 bytes', 'x'.repeat(1025)],
  ])('is refused with %s', (_name, text) => expect(passwordTrouble(text, 'anna')).toBeDefined());

  it.each(['twelve chars', 'пароль-пароль', 'correct horse battery'])('may be %j', (text) =>
    expect(passwordTrouble(text, 'anna')).toBeUndefined(),
  );
});

describe('checking passwords', () => {
  it('does the work for nobody as well, and never says yes', async () => {
    const check = new PasswordCheck();
    expect(await check.fits('', undefined)).toBe(false);
    expect(await check.fits(password, undefined)).toBe(false);
  });

  it('is done for all who wait, and refused to who would make the queue too long', async () => {
    const check = new PasswordCheck();
    const quick = await hash(password, { memoryCost: 1024, timeCost: 2, parallelism: 1 });
    const answers = await Promise.allSettled(Array.from({ length: 60 }, () => check.fits(password, quick)));
    expect(answers.filter((one) => one.status === 'fulfilled' && one.value)).toHaveLength(52);
    expect(answers.filter((one) => one.status === 'rejected')).toHaveLength(8);
    expect(await check.fits(password, quick)).toBe(true);
  });
});

import { readFileSync } from 'node:fs';
import { expectGenerated } from '../support/markdown.js';

/** The questions as people have them, each with the transcript that answers it. */
const questions: readonly (readonly [string, string])[] = [
  ['Who had this address that night at 18:00?', 'who-had-ipv4-at'],
  ['Who had it in those days, and how sure is that?', 'who-had-between'],
  ['Who ever had it?', 'who-had-ipv4'],
  ['What did we believe then that we know better today?', 'who-had-believed'],
  ['Who was behind the proxy with this source, where sourceEmbedding has 2001:db8:64::/80?', 'who-had-embedded'],
  ['Whose is this MAC?', 'who-had-mac'],
  ['Who had an address inside this prefix?', 'who-had-ipv6'],
  ['Who was on this port?', 'who-had-port'],
  ['Why, and what did we do about it?', 'explain-ipv4-at-0314'],
  ['What happened to it in those days?', 'explain-between'],
  ['What is all of this server?', 'explain-server'],
  ['What changed between two moments, and what made it?', 'diff-days'],
  ['What did the engine learn between two events?', 'diff-known'],
  ['What did each event change, one after the other?', 'step-stretch'],
  ['How was the whole map then?', 'audit-at'],
  ['How do I give an answer to somebody who does not trust us?', 'dossier'],
];

describe('the page of questions', () => {
  it('shows each question with the answer that the transcripts hold', () => {
    const sections = questions.map(([title, name]) => {
      const transcript = readFileSync(`test/audit/golden/${name}.txt`, 'utf8').trimEnd();
      return `## ${title}\n\n\`\`\`text\n${transcript}\n\`\`\``;
    });
    expectGenerated('src/audit/questions.md', 'questions', sections.join('\n\n'));
  });
});

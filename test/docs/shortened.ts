/** Stands in a README for lines that were left out. */
export const leftOut = '...';

/** An `explain` tells every flap of a link: how many lines follow these differs from run to run. */
const keptOfExplain = 10;
/** So does how many dark stretches it tells, which stand before the tree. */
const dark = /^ {7} +(?:until )?\d{4}-\d\d-\d\dT/;
const command = /^ {3}\$ /;
const explain = /^ {3}\$ portledger audit explain /;
const answer = /^ {7}/;

/** The demo's output with each `explain` cut after its first lines, and a mark where it was cut. */
export function shortened(output: string): string {
  const kept: string[] = [];
  let left = Number.POSITIVE_INFINITY;
  for (const line of output.split('\n')) {
    if (command.test(line)) left = explain.test(line) ? keptOfExplain + 1 : Number.POSITIVE_INFINITY;
    else if (!answer.test(line)) left = Number.POSITIVE_INFINITY;
    else if (left === 0 || !dark.test(line)) left--;
    if (left > 0) kept.push(line.trimEnd());
    else if (left === 0) kept.push(`       ${leftOut}`);
  }
  return kept.join('\n');
}

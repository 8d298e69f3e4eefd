import { plain } from '../../dossier/dossier-texts.js';
import type { Mail } from '../../../transports/mail-sender.js';
import { dayHtml } from '../day-html.js';
import type { DayReport } from '../day-report.js';
import { dayText } from '../day-text.js';

/** More sites than this are counted in a subject. */
const mostSites = 3;

/** The day report as a mail: plain text, a page that mail programs can show, and attached the page with its drawings. */
export function dayMail(
  report: DayReport,
  { sites, day }: { sites: readonly string[]; day: string },
): Omit<Mail, 'id' | 'to'> {
  return {
    subject: subjectOf(report, sites, day),
    text: dayText(report),
    html: dayHtml(report, 'without drawings'),
    attachments: [
      { filename: `portledger-day-${day}.html`, contentType: 'text/html; charset=utf-8', content: dayHtml(report) },
    ],
  };
}

function subjectOf({ violations, standing, moves }: DayReport, sites: readonly string[], day: string): string {
  const { detected, bySeverity } = violations;
  const critical = bySeverity.critical === 0 ? '' : ` (${bySeverity.critical} critical)`;
  const counts = [
    `${counted(detected, 'new violation')}${critical}`,
    `${standing.open} open`,
    counted(moves.total, 'move'),
  ].join(', ');
  const more = sites.length - mostSites;
  const named = `${sites.slice(0, mostSites).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return plain(`portledger${named === '' ? '' : ` ${named}`} ${day}: ${counts}`).slice(0, 200);
}

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

import { formatCaptureTime } from './captured-frame.js';
import type { FiledFrame } from './decode-files.js';
import { ndOptionText } from './nd-options.js';

/**
 * One line of JSON: `{frame,time,vlans,etherSource,etherDestination,kind,senderMac,senderIp,targetMac,targetIp,...,options}`.
 * `time` is RFC 3339 in UTC with nanoseconds; fields the frame does not carry are left out.
 */
export function frameToJson(frame: FiledFrame): string {
  return JSON.stringify({ ...frame, time: formatCaptureTime(frame.time) });
}

/** File names may hold anything but a slash. */
const printable = (name: string): string => name.replace(/\p{C}/gu, '?');

/** One line for people. Every part is rendered from bytes, so no frame can write to the terminal. */
export function printDecodedFrame(frame: FiledFrame): string {
  const vlan = frame.vlans.length === 0 ? '' : ` vlan ${frame.vlans.join('.')}`;
  const link = `${frame.etherSource ?? 'no MAC'} > ${frame.etherDestination ?? 'unknown'}${vlan}`;
  const sender = [frame.senderIp, frame.senderMac && `at ${frame.senderMac}`].filter(Boolean).join(' ');
  const asked = frame.kind === 'arp-request' || frame.kind === 'neighbour-solicitation';
  const target = frame.targetIp && `${asked ? 'who has' : 'target'} ${frame.targetIp}`;
  const opcode = frame.kind === 'arp-other' && `operation ${frame.opcode}`;
  // The link-layer address that the line has already is not said twice.
  const options = frame.options?.filter(
    ({ fields }) => fields?.['mac'] === undefined || fields['mac'] !== frame.senderMac,
  );
  const problem = frame.problem && `(${frame.problem})`;
  const outgoing = frame.outgoing && 'sent by the capturing box';
  const number = [frame.file && printable(frame.file), frame.frame].filter((part) => part !== undefined).join('#');
  const parts = [
    `${number} ${formatCaptureTime(frame.time)}`,
    link,
    frame.kind,
    opcode,
    sender,
    target,
    ...(options ?? []).map((option) => `[${ndOptionText(option)}]`),
    outgoing,
    problem,
  ];
  return parts.filter(Boolean).join('  ');
}

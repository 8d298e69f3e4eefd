import type { PieceSource } from './capture-handlers.js';
import type { CaptureDirectory, CapturePlace } from './capture-source.js';
import { type DirectoryOptions, DirectoryReader } from './directory.reader.js';
import { TcpdumpReader, type TcpdumpOptions } from './tcpdump.reader.js';

/** Each reader takes what is meant for it. */
export type SourceOptions = TcpdumpOptions & DirectoryOptions;

/** The reader for a place: tcpdump on an interface, or a directory that captures are written to. Not started yet. */
export function openSource(place: CapturePlace | CaptureDirectory, options: SourceOptions): PieceSource {
  if (place.directory !== undefined) return new DirectoryReader(place.directory, options);
  return new TcpdumpReader(place, options);
}

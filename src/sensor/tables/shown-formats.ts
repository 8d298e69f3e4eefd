import { messageFormat } from '../messages/message-file.js';
import { tableFormats } from './table-formats.js';

/** What `sensor parse --format` can be told. */
export const shownFormats: readonly string[] = ['auto', messageFormat.name, ...tableFormats.map(({ name }) => name)];

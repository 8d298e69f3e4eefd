/** The fields that say which events of the log are meant, for the API's own documentation. */
export const logFilterDocs = {
  stream: 'only events of this stream, such as server-srv-17',
  beginning: 'only events of streams that begin so, such as `server-`',
  type: 'only events of this type, or of several with commas',
  notType: 'no events of this type, or of these with commas',
  source: 'only what this publisher or room wrote',
  recorded: 'only what was recorded between two instants, as `A..B`, both included; one of them may be left out',
  time: 'only what became true between two instants, written as `recorded` is',
} as const;

/** What became of a report that somebody had sent. */
export type MailSent =
  | {
      readonly outcome: 'mailed';
      readonly subject: string;
      /** Before the @ of its Message-ID. */
      readonly messageId: string;
      /** For how many the server took it, and for how many not. */
      readonly recipients: number;
      readonly refused: number;
    }
  | { readonly outcome: 'refused'; readonly reason: string };

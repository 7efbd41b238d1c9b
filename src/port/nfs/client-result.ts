/** How what an NFS client was asked for ended. */

/** Its value, or why there is none, in words; `status` where the server has said it. */
export type NfsResult<T> =
  | { readonly state: 'done'; readonly value: T }
  | { readonly state: 'failed'; readonly why: string; readonly status?: number };

/** Hears how something ended, in a later change of the machine. */
export type NfsDone<T> = (result: NfsResult<T>) => void;

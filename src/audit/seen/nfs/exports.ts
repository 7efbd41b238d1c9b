/**
 * Who may mount what of NFS servers, as MOUNT answers: a client that was refused must not read and write there by a file
 * handle that it has from elsewhere. Source: RFC 1813, 5 and appendix I.
 */
import { Mount3Procedure, MountStat3 } from '../../../codecs/index.ts';
import { remember } from '../../ledger/remember.ts';
import { isSurelyBefore, type SeenMoment } from '../session.ts';

/** Handles, and answers to clients, that are remembered. */
const HANDLES_MAX = 10_000;
const ANSWERS_MAX = 10_000;
/** Paths of one handle. */
const PATHS_MAX = 16;

/** Keeps it, for all servers. */
export class SeenExports {
  /** Paths of the exports in which a handle is, by server and handle. */
  readonly #paths = new Map<string, Set<string>>();
  /** The last answer to each client, by server, path and client: when it was refused, `undefined` where it was let in. */
  readonly #answers = new Map<string, SeenMoment | undefined>();

  /** MNT was answered. `handle`: in hex. */
  mounted(server: string, client: string, path: string, answer: MountAnswer, at: SeenMoment): void {
    const key = `${server} ${client} ${path}`;
    const { handle, status } = answer;
    if (status === MountStat3.MNT3ERR_ACCES) remember(this.#answers, key, at, ANSWERS_MAX);
    if (status !== MountStat3.MNT3_OK || handle === undefined) return;
    remember(this.#answers, key, undefined, ANSWERS_MAX);
    const paths = this.#paths.get(`${server} ${handle}`) ?? new Set<string>();
    if (paths.size < PATHS_MAX) paths.add(path);
    remember(this.#paths, `${server} ${handle}`, paths, HANDLES_MAX);
  }

  /** A name was looked up: what it names is where its directory is. */
  found(server: string, directory: string, handle: string): void {
    const paths = this.#paths.get(`${server} ${directory}`);
    if (paths !== undefined && directory !== handle)
      remember(this.#paths, `${server} ${handle}`, paths, HANDLES_MAX);
  }

  /**
   * Something was carried out for a client: the frame in which it was refused; `'allowed'` where it was let in, and
   * `undefined` where nobody knows.
   */
  refusedIn(
    server: string,
    client: string,
    handle: string,
    sent: SeenMoment,
  ): number | 'allowed' | undefined {
    const paths = this.#paths.get(`${server} ${handle}`);
    let refused: number | undefined;
    for (const path of paths ?? []) {
      const key = `${server} ${client} ${path}`;
      if (!this.#answers.has(key)) continue;
      const at = this.#answers.get(key);
      if (at === undefined) return 'allowed';
      if (isSurelyBefore(at, sent)) refused = at.frame;
    }
    return refused;
  }

  /** Nothing is known any more. */
  clear(): void {
    this.#paths.clear();
    this.#answers.clear();
  }
}

/** What MNT is answered. */
export interface MountAnswer {
  readonly status: number | undefined;
  /** In hex. */
  readonly handle: string | undefined;
}

/** True for the procedure that mounts. */
export const isMount = (procedure: number | undefined): boolean =>
  procedure === Mount3Procedure.MNT;

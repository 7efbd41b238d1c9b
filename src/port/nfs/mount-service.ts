/** The port mapper and MOUNT of a file server: where its programs are, and the handle of its directory. */

import type { Infer, InferInput } from '../../codecs/layout/index.ts';
import {
  MountStat3,
  type mount3,
  PortmapProtocol,
  type portmap2,
  serverServices,
} from '../../codecs/nfs/index.ts';
import { AuthFlavor, linksOf } from '../../codecs/rpc/index.ts';
import { accessOf, type ExportRule } from './exports.ts';
import type { NfsFileSystem } from './file-system.ts';
import type { NfsPeer } from './peer.ts';

/** What the two are made of. */
export interface MountServiceOptions {
  readonly fileSystem: NfsFileSystem;
  readonly rules: readonly ExportRule[];
  /** The TCP port of all programs, as the port mapper tells it. */
  readonly tcpPort: number;
}

/**
 * The one export. `/` is mounted as well, but not told: libnfs takes an export of that name for a
 * file system of its own below the one that it mounts, and finds none.
 */
export const EXPORT_PATH = '/units';
/** Clients that are remembered to have mounted; of more the first is forgotten. */
const MOUNTS_MAX = 1024;
const AUTH_FLAVORS = [AuthFlavor.AUTH_SYS, AuthFlavor.AUTH_NONE];

type Handlers<P extends Readonly<Record<string, { args: unknown; res: unknown }>>> = {
  readonly [N in keyof P]: (args: Infer<P[N]['args']>, peer: NfsPeer) => InferInput<P[N]['res']>;
};

/** Carries out calls of both programs. What mounts is remembered, and decides nothing. */
export class MountService {
  readonly #options: MountServiceOptions;
  readonly #mounts = new Set<string>();

  constructor(options: MountServiceOptions) {
    this.#options = options;
  }

  #mnt(path: string, { address }: NfsPeer): InferInput<(typeof mount3)['MNT']['res']> {
    const { fileSystem, rules } = this.#options;
    if (accessOf(rules, address) === undefined) return { status: MountStat3.MNT3ERR_ACCES };
    const inside = path.replace(/^\/+|\/+$/g, '').replace(/^units(?:\/+|$)/, '');
    if (inside !== '') {
      const isFile = fileSystem.lookup(inside) !== undefined;
      return { status: isFile ? MountStat3.MNT3ERR_NOTDIR : MountStat3.MNT3ERR_NOENT };
    }
    this.#mounts.delete(address);
    this.#mounts.add(address);
    if (this.#mounts.size > MOUNTS_MAX) this.#mounts.delete(this.#mounts.values().next().value!);
    const resok = { fileHandle: fileSystem.root.handle, authFlavors: AUTH_FLAVORS };
    return { status: MountStat3.MNT3_OK, resok };
  }

  #mappings() {
    const { tcpPort: port } = this.#options;
    const protocol = PortmapProtocol.TCP;
    return serverServices.map(({ program, version }) => ({ program, version, protocol, port }));
  }

  /** MOUNT, by procedure. */
  readonly mount: Handlers<typeof mount3> = {
    NULL: () => ({}),
    MNT: ({ path }, peer) => this.#mnt(path, peer),
    DUMP: () => ({
      mounts: linksOf([...this.#mounts].map((hostname) => ({ hostname, directory: EXPORT_PATH }))),
    }),
    UMNT: (_args, { address }) => {
      this.#mounts.delete(address);
      return {};
    },
    UMNTALL: (_args, { address }) => {
      this.#mounts.delete(address);
      return {};
    },
    EXPORT: () => {
      const groups = linksOf(this.#options.rules.map(({ clients: name }) => ({ name })));
      return { exports: linksOf([{ directory: EXPORT_PATH, groups }]) };
    },
  };

  /** The port mapper, by procedure. It takes no programs of others, and passes no calls on. */
  readonly portmap: Omit<Handlers<typeof portmap2>, 'CALLIT'> = {
    NULL: () => ({}),
    SET: () => ({ done: 0 }),
    UNSET: () => ({ done: 0 }),
    GETPORT: ({ program, version, protocol }) => {
      const found = this.#mappings().find(
        (one) => one.program === program && one.version === version && one.protocol === protocol,
      );
      return { port: found?.port ?? 0 };
    },
    DUMP: () => ({ mappings: linksOf(this.#mappings()) }),
  };
}

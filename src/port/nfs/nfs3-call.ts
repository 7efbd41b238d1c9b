/** A call of NFS version 3: its procedure, its parameters and results, and who calls. */
import type { Infer, InferInput } from '../../codecs/layout/index.ts';
import type { nfs3 } from '../../codecs/nfs/index.ts';
import type { Instant } from '../../machine/machine.ts';
import type { ExportAccess } from './exports.ts';

type Procedures = typeof nfs3;
/** A procedure of NFS version 3, as the standard calls it. */
export type Nfs3Name = keyof Procedures;
/** The parameters of a procedure. */
export type Nfs3Args<P extends Nfs3Name> = Infer<Procedures[P]['args']>;
/** The results of a procedure. */
export type Nfs3Res<P extends Nfs3Name> = InferInput<Procedures[P]['res']>;

/** Who calls, and when. */
export interface Nfs3Caller {
  /** `undefined`: nothing may be done. */
  readonly access: ExportAccess | undefined;
  readonly now: Instant;
}

/** A call that comes to nothing, and why. */
export class Nfs3Fault extends Error {
  override readonly name = 'Nfs3Fault';
  /** `NfsStat3`. */
  readonly status: number;

  constructor(status: number) {
    super(`NFS status ${status}`);
    this.status = status;
  }
}

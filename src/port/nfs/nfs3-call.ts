/** A call of NFS version 3: its procedure, its parameters and its results. */
import type { Infer, InferInput } from '../../codecs/layout/index.ts';
import type { nfs3 } from '../../codecs/nfs/index.ts';

type Procedures = typeof nfs3;
/** A procedure of NFS version 3, as the standard calls it. */
export type Nfs3Name = keyof Procedures;
/** The parameters of a procedure. */
export type Nfs3Args<P extends Nfs3Name> = Infer<Procedures[P]['args']>;
/** The results of a procedure. */
export type Nfs3Res<P extends Nfs3Name> = InferInput<Procedures[P]['res']>;

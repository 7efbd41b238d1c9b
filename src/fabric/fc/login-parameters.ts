/** Service parameters: what the fabric asks of a port that logs in, and what it offers. */
import {
  ClassOptions,
  classParameters,
  type Flogi,
  FlogiAcceptFeatures,
  fdiscAccept,
  flogiAccept,
  flogiAcceptServiceParameters,
  LsRjtExplanation,
  LsRjtReason,
  receiveBytesOf,
} from '../../codecs/els/index.ts';
import { type Wwn, wwn } from '../../codecs/layout/index.ts';
import type { FabricConfig } from './options.ts';

/** What is wrong with a login, as its LS_RJT says it. */
export interface LoginRefusal {
  readonly reason: number;
  readonly explanation: number;
}

/** What the fabric reads of a login's parameters. */
export type LoginParameters = Pick<Flogi, 'portName' | 'nodeName' | 'common' | 'class3'>;

const refuse = (explanation: number): LoginRefusal => ({
  reason: LsRjtReason.LOGICAL_ERROR,
  explanation,
});

/** What is wrong with the parameters of a FLOGI or FDISC; `undefined` when nothing is. */
export function checkFabricLogin(request: LoginParameters): LoginRefusal | undefined {
  if (request.portName === 0n) return refuse(LsRjtExplanation.INVALID_PORT_NAME);
  if (request.nodeName === 0n) return refuse(LsRjtExplanation.INVALID_NODE_NAME);
  if (receiveBytesOf(request) === undefined)
    return refuse(LsRjtExplanation.SERVICE_PARAMETER_RECEIVE_SIZE);
  return undefined;
}

const CLASS_3 = classParameters.decode(
  classParameters.encode({ options: ClassOptions.VALID | ClassOptions.SEQUENTIAL_DELIVERY }),
);

/** First byte of the F_Port name in an LS_ACC: behind command and common service parameters. */
const PORT_NAME_AT = 20;

/**
 * The LS_ACCs of FLOGI and FDISC that a fabric gives. They differ by the F_Port name and the
 * clean-address bit alone, so each kind is encoded once; the node name is the fabric's.
 * Source: FC-LS-3, FLOGI LS_ACC.
 */
export class FabricLoginAccepts {
  readonly #accepts: Readonly<Record<'FLOGI' | 'FDISC', readonly [Uint8Array, Uint8Array]>>;

  constructor(config: FabricConfig) {
    this.#accepts = {
      FLOGI: [fabricLoginAccept(config, 'FLOGI', 0), fabricLoginAccept(config, 'FLOGI', CLEAN)],
      FDISC: [fabricLoginAccept(config, 'FDISC', 0), fabricLoginAccept(config, 'FDISC', CLEAN)],
    };
  }

  /** A fresh payload. `portName` is that of the F_Port. */
  make(by: 'FLOGI' | 'FDISC', portName: Wwn, clean: boolean): Uint8Array {
    const payload = this.#accepts[by][clean ? 1 : 0].slice();
    wwn.write(payload, PORT_NAME_AT, 0, portName);
    return payload;
  }
}

const CLEAN = FlogiAcceptFeatures.CLEAN_ADDRESS;

function fabricLoginAccept(config: FabricConfig, by: 'FLOGI' | 'FDISC', clean: number): Uint8Array {
  const npiv = config.npivLoginsMax > 0 ? FlogiAcceptFeatures.MULTIPLE_N_PORT_ID_ASSIGNMENT : 0;
  const common = flogiAcceptServiceParameters.decode(
    flogiAcceptServiceParameters.encode({
      bbCredit: config.bbCredit,
      bbScN: config.bbScN,
      features: FlogiAcceptFeatures.F_PORT | npiv | clean,
      bbReceiveDataFieldSizeBytes: config.receiveDataBytes,
      rATovMs: config.rATovMs,
      eDTov: config.eDTovMs,
    }),
  );
  const accept = by === 'FLOGI' ? flogiAccept : fdiscAccept;
  return accept.encode({ common, portName: 0n, nodeName: config.fabricName, class3: CLASS_3 });
}

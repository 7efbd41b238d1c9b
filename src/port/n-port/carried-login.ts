/** A login that goes over to another adapter: nothing is sent for it, so everything must be told. */
import type { FcId } from '../../codecs/layout/index.ts';
import type { ExchangeManager } from './exchange.ts';
import type { Rport, RportLogin } from './rport.ts';

/** A login with the fabric and those with remote ports, as they are carried to another adapter. */
export interface CarriedLogin {
  readonly nPortId: FcId;
  /** What the link calls the port. */
  readonly linkAddress: string;
  readonly fabricFeatures: number;
  readonly eDTovNs: number;
  readonly rATovNs: number;
  /** OX_IDs go on from here, so that none of the old ones comes again. */
  readonly nextOxId: number;
  readonly rports: readonly RportLogin[];
}

/** What is read of an N_Port whose login is carried over. */
export interface CarriedPort extends Omit<CarriedLogin, 'nextOxId' | 'rports'> {
  readonly exchanges: ExchangeManager;
  readonly rports: ReadonlyMap<FcId, Rport>;
}

/** What another adapter needs to go on with this login; remote ports whose login is not done stay out. */
export function carriedLoginOf(port: CarriedPort): CarriedLogin {
  const { nPortId, linkAddress, fabricFeatures, eDTovNs, rATovNs, exchanges } = port;
  const rports = [...port.rports.values()].filter((one) => one.state === 'ready');
  return {
    nPortId,
    linkAddress,
    fabricFeatures,
    eDTovNs,
    rATovNs,
    nextOxId: exchanges.next,
    rports: rports.map(({ portId, portName, nodeName, receiveBytes, fcpParameters }) => ({
      portId,
      portName,
      nodeName,
      receiveBytes,
      fcpParameters,
    })),
  };
}

/** The parameters of an N_Port login, for PLOGI and its accept. */
import { plogiServiceParameters } from '../../src/codecs/els/index.ts';

/** Those of a sender that takes so large a payload. */
export const loginTaking = (bbReceiveDataFieldSizeBytes: number) => ({
  common: plogiServiceParameters.decode(
    plogiServiceParameters.encode({
      bbCredit: 10,
      features: 0x8000,
      bbReceiveDataFieldSizeBytes,
      totalConcurrentSequences: 255,
    }),
  ),
  portName: 1n,
  nodeName: 1n,
});

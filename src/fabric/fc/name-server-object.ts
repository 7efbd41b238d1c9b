/** What the name server knows of one N_Port, from its fabric login and its own registrations. */
import { ClassOfService, NameServerPortType } from '../../codecs/ct/index.ts';
import type { Wwn } from '../../codecs/layout/index.ts';

/** A port's entry; the port registers its parts, the fabric login gives it the node name. */
export interface NameServerObject {
  nodeName: Wwn;
  portType: number;
  classOfService: number;
  symbolicPortName: string;
  /** FC-4 types in ascending order. */
  fc4Types: readonly number[];
  /** FC-4 features (4 bits) by FC-4 type, none 0; shared by all ports while there are none. */
  fc4Features: ReadonlyMap<number, number>;
}

const NO_TYPES: readonly number[] = [];
const NO_FEATURES: ReadonlyMap<number, number> = new Map();

/** The entry of a port that has registered nothing yet: an N_Port of class 3. */
export function newNameServerObject(nodeName: Wwn): NameServerObject {
  return {
    nodeName,
    portType: NameServerPortType.N_PORT,
    classOfService: ClassOfService.CLASS_3,
    symbolicPortName: '',
    fc4Types: NO_TYPES,
    fc4Features: NO_FEATURES,
  };
}

/** Bytes of the FC-4 Features of one port: 4 bits for each of 256 types. */
const FC4_FEATURES_BYTES = 128;

/**
 * FC-4 features as GFF_ID answers them: eight types to a word, the lowest type in its lowest bits.
 * Shape: 128 bytes. Source: FC-GS, FC-4 Features.
 */
export function fc4FeaturesMap(features: ReadonlyMap<number, number>): Uint8Array {
  const map = new Uint8Array(FC4_FEATURES_BYTES);
  for (const [type, value] of features) {
    const byte = (type >> 3) * 4 + 3 - ((type >> 1) & 3);
    map[byte]! |= (value & 0xf) << ((type & 1) * 4);
  }
  return map;
}

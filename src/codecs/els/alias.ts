/** Alias identifiers, one address for a group of ports: GAID, FACT, FDACT, NACT, NDACT. All obsolete. */
import {
  bytes,
  codec,
  derived,
  fcId,
  type Infer,
  list,
  of,
  reserved8,
  u32,
} from '../layout/index.ts';
import { ElsCommand } from './codes.ts';
import { acceptHead, head, plainAccept } from './parts.ts';

/** A port of the group. Shape: 4 bytes. Source: FC-LS, GAID, NP_List. */
export const nPortEntry = codec('N_Port entry', 'FC-LS, GAID', {
  reserved1: reserved8,
  nPortId: fcId,
});

const aliasId = { reservedAlias: reserved8, aliasId: fcId } as const;
const aliasToken = { aliasToken: bytes(12) } as const;
const aliasServiceParameters = { aliasServiceParameters: bytes(80) } as const;
const ports = {
  portCount: derived(u32, (value) => (Array.isArray(value.ports) ? value.ports.length : 0)),
  ports: list(nPortEntry, { count: of<{ portCount: number }>((value) => value.portCount) }),
} as const;

/** Get alias identifier for a group. Shape: 100 bytes and 4 per port. Source: FC-LS, GAID; Agilent FCStruct.h. */
export const gaid = codec(
  'GAID',
  'FC-LS, GAID',
  { ...head(ElsCommand.GAID), ...aliasToken, ...aliasServiceParameters, ...ports },
  'GAID',
);
/** What `gaid` decodes. */
export type Gaid = Infer<typeof gaid>;
/** Accept of GAID: the group's address. Shape: 8 bytes. Source: FC-PH-2, GAID accept; Agilent FCStruct.h. */
export const gaidAccept = codec(
  'LS_ACC to GAID',
  'FC-PH-2, GAID accept',
  { ...acceptHead, ...aliasId },
  'LS_ACC GAID',
);
/** What `gaidAccept` decodes. */
export type GaidAccept = Infer<typeof gaidAccept>;

/** Fabric, activate alias identifier. Shape: 12 bytes and 4 per port. Source: FC-PH-2, FACT; Agilent FCStruct.h. */
export const fact = codec(
  'FACT',
  'FC-PH-2, FACT',
  { ...head(ElsCommand.FACT), ...aliasId, ...ports },
  'FACT',
);
/** What `fact` decodes. */
export type Fact = Infer<typeof fact>;
/** Accept of FACT. Shape: 4 bytes. */
export const factAccept = plainAccept('FACT');

/** Fabric, deactivate alias identifier. Shape: 12 bytes and 4 per port. Source: FC-PH-2, FDACT; Agilent FCStruct.h. */
export const fdact = codec(
  'FDACT',
  'FC-PH-2, FDACT',
  { ...head(ElsCommand.FDACT), ...aliasId, ...ports },
  'FDACT',
);
/** What `fdact` decodes. */
export type Fdact = Infer<typeof fdact>;
/** Accept of FDACT. Shape: 4 bytes. */
export const fdactAccept = plainAccept('FDACT');

/** N_Port, activate alias identifier. Shape: 100 bytes. Source: FC-PH-2, NACT; Agilent FCStruct.h. */
export const nact = codec(
  'NACT',
  'FC-PH-2, NACT',
  { ...head(ElsCommand.NACT), ...aliasToken, ...aliasId, ...aliasServiceParameters },
  'NACT',
);
/** What `nact` decodes. */
export type Nact = Infer<typeof nact>;
/** Accept of NACT. Shape: 4 bytes. */
export const nactAccept = plainAccept('NACT');

/** N_Port, deactivate alias identifier. Shape: 8 bytes. Source: FC-PH-2, NDACT; Agilent FCStruct.h. */
export const ndact = codec(
  'NDACT',
  'FC-PH-2, NDACT',
  { ...head(ElsCommand.NDACT), ...aliasId },
  'NDACT',
);
/** What `ndact` decodes. */
export type Ndact = Infer<typeof ndact>;
/** Accept of NDACT. Shape: 4 bytes. */
export const ndactAccept = plainAccept('NDACT');

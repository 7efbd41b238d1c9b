/** Every name that a filter may use. */
import type { Field, NameTable } from '../field.ts';
import { CT_NAMES } from './ct.ts';
import { ELS_NAMES } from './els.ts';
import { ETHERNET_NAMES } from './ethernet.ts';
import { FC_NAMES } from './fc.ts';
import { FCOE_NAMES } from './fcoe.ts';
import { FRAME_NAMES } from './frame.ts';
import { LLDP_NAMES } from './lldp.ts';
import { SCSI_NAMES } from './scsi.ts';
import { STREAM_NAMES_OF_FILTERS } from './streams.ts';
import { SWILS_NAMES } from './swils.ts';

/** The tables by what they are about, for the page of names. */
export const NAME_TABLES: readonly (readonly [title: string, table: NameTable])[] = [
  ['Frames, and whole protocols', FRAME_NAMES],
  ['Fibre Channel', FC_NAMES],
  ['FCoE and FIP', FCOE_NAMES],
  ['FCP and SCSI', SCSI_NAMES],
  ['Extended link services', ELS_NAMES],
  ['Generic services', CT_NAMES],
  ['Switch fabric internal link services', SWILS_NAMES],
  ['Ethernet, tags and tunnels', ETHERNET_NAMES],
  ['LLDP, DCBX and VDP', LLDP_NAMES],
  ['TCP, iSCSI, RPC and NFS', STREAM_NAMES_OF_FILTERS],
];

const fields = new Map<string, Field>(NAME_TABLES.flatMap(([, table]) => Object.entries(table)));

/** The field of a name; `undefined` where there is none. */
export const fieldOf = (name: string): Field | undefined => fields.get(name);

/** All names. */
export const fieldNames = (): Iterable<string> => fields.keys();

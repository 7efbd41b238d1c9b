/** Diagnostics and performance notifications: FPIN, EDC, RDF, RDP, LCB; virtual entities: QFPA, UVEM. */
import {
  codec,
  derived,
  type FixedField,
  type Infer,
  type InferInput,
  list,
  named,
  of,
  reserved16,
  type TailField,
  u8,
  u16,
  u32,
  withDefault,
} from '../layout/index.ts';
import { ElsCommand } from './codes.ts';
import { type LsDescriptor, lsDescriptor } from './descriptor.ts';
import { acceptHead, head, plainAccept, plainRequest } from './parts.ts';

const descriptorList: {
  descriptorListLengthBytes: FixedField<number, true>;
  descriptors: TailField<LsDescriptor[], false, readonly InferInput<typeof lsDescriptor>[]>;
} = {
  descriptorListLengthBytes: derived(u32, (_value, sizeOf) => sizeOf('descriptors')),
  // Some senders leave a descriptor's own first words out of the length: the bytes decide then.
  descriptors: list(lsDescriptor, {
    lengthBytes: of<{ descriptorListLengthBytes: number }>(
      (value) => value.descriptorListLengthBytes,
    ),
  }),
};

type DescriptorEls = 'FPIN' | 'EDC' | 'RDF' | 'RDP' | 'UVEM';

const request = <const K extends DescriptorEls>(name: K) =>
  codec(name, `FC-LS-5, ${name}`, { ...head(ElsCommand[name]), ...descriptorList }, name);
const accept = <const K extends string>(name: K) =>
  codec(
    `LS_ACC to ${name}`,
    `FC-LS-5, ${name} accept`,
    { ...acceptHead, ...descriptorList },
    `LS_ACC ${name}`,
  );

/**
 * Fabric performance impact notification; it has no reply.
 *
 * Shape: 8 bytes and descriptors.
 * Source: FC-LS-5, FPIN.
 */
export const fpin = request('FPIN');
/** What `fpin` decodes. */
export type Fpin = Infer<typeof fpin>;

/** Exchange diagnostic capabilities. Shape: 8 bytes and descriptors. Source: FC-LS-5, EDC. */
export const edc = request('EDC');
/** What `edc` decodes. */
export type Edc = Infer<typeof edc>;
/**
 * Accept of EDC: the request's first word, then our capabilities.
 *
 * Shape: 8 bytes and descriptors.
 * Source: FC-LS-5, EDC.
 */
export const edcAccept = accept('EDC');
/** What `edcAccept` decodes. */
export type EdcAccept = Infer<typeof edcAccept>;

/**
 * Register diagnostic functions: which notifications a port wants.
 *
 * Shape: 8 bytes and descriptors.
 * Source: FC-LS-5, RDF.
 */
export const rdf = request('RDF');
/** What `rdf` decodes. */
export type Rdf = Infer<typeof rdf>;
/** Accept of RDF. Shape: 8 bytes and descriptors. Source: FC-LS-5, RDF. */
export const rdfAccept = accept('RDF');
/** What `rdfAccept` decodes. */
export type RdfAccept = Infer<typeof rdfAccept>;

/** Read diagnostic parameters of a port. Shape: 8 bytes and an N_Port_ID descriptor. Source: FC-LS-3, RDP. */
export const rdp = request('RDP');
/** What `rdp` decodes. */
export type Rdp = Infer<typeof rdp>;
/** Accept of RDP: link, speed, optics. Shape: 8 bytes and descriptors. Source: FC-LS-3, RDP accept. */
export const rdpAccept = accept('RDP');
/** What `rdpAccept` decodes. */
export type RdpAccept = Infer<typeof rdpAccept>;

/** What a beacon is told. Source: FC-LS-3, LCB sub-command. */
export const LcbSubCommand = { ON: 1, OFF: 2 } as const;
/** Which light. Source: FC-LS-3, LCB type. */
export const LcbType = { GREEN: 1, AMBER: 2 } as const;

const beacon = {
  subCommand: named(u8, LcbSubCommand),
  reserved2: reserved16,
  capability: withDefault(u8, 0),
  type: named(u8, LcbType),
  frequency: withDefault(u8, 0),
  durationSeconds: withDefault(u16, 0),
} as const;

/** Link cable beacon: blink. Shape: 12 bytes. Source: FC-LS-3, LCB. */
export const lcb = codec('LCB', 'FC-LS-3, LCB', { ...head(ElsCommand.LCB), ...beacon }, 'LCB');
/** What `lcb` decodes. */
export type Lcb = Infer<typeof lcb>;
/** Accept of LCB. Shape: 12 bytes. Source: FC-LS-3, LCB. */
export const lcbAccept = codec(
  'LS_ACC to LCB',
  'FC-LS-3, LCB accept',
  { ...acceptHead, ...beacon },
  'LS_ACC LCB',
);
/** What `lcbAccept` decodes. */
export type LcbAccept = Infer<typeof lcbAccept>;

/** Query fabric priority allocation: priorities for virtual entities. Shape: 4 bytes. Source: FC-LS-4, QFPA. */
export const qfpa = plainRequest('QFPA');
/** What `qfpa` decodes. */
export type Qfpa = Infer<typeof qfpa>;
/** Accept of QFPA: priority range descriptors. Shape: 8 bytes and descriptors. Source: FC-LS-4, QFPA accept. */
export const qfpaAccept = accept('QFPA');
/** What `qfpaAccept` decodes. */
export type QfpaAccept = Infer<typeof qfpaAccept>;

/**
 * Update virtual entity mappings: who is behind which priority.
 *
 * Shape: 8 bytes and descriptors.
 * Source: FC-LS-4, UVEM.
 */
export const uvem = request('UVEM');
/** What `uvem` decodes. */
export type Uvem = Infer<typeof uvem>;
/** Accept of UVEM. Shape: 4 bytes. Source: FC-LS-4, UVEM. */
export const uvemAccept = plainAccept('UVEM');
/** What `uvemAccept` decodes. */
export type UvemAccept = Infer<typeof uvemAccept>;

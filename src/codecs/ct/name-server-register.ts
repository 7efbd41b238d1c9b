/** Name server registrations and the removal of all of a port's objects. */
import { FcType } from '../fc/codes.ts';
import {
  bytes,
  fcId,
  flags,
  list,
  named,
  reserved8,
  reserved16,
  reserved24,
  u8,
  u32,
  wwn,
} from '../layout/index.ts';
import { fc4Types } from './fc4-types.ts';
import {
  ClassOfService,
  FcpFeatures,
  NameServerCommand,
  NameServerPortType,
  nameServer,
} from './name-server-codes.ts';
import { fc4Descriptor } from './name-server-get.ts';
import { accept, countedName, request } from './parts.ts';

const SOURCE = 'FC-GS-7, name server';
type Name = keyof typeof NameServerCommand;
type Body = Parameters<typeof request>[4];

const register = <const K extends Name, F extends Body>(name: K, body: F) =>
  request(nameServer, SOURCE, name, NameServerCommand[name], body);
const done = <const K extends Name>(name: K) => accept(nameServer, SOURCE, name, {});

const port = { reserved1: reserved8, portId: fcId } as const;

/** Register port name. Shape: 28 bytes. */
export const rpnId = register('RPN_ID', { ...port, portName: wwn });
/** Accept of RPN_ID. Shape: 16 bytes. */
export const rpnIdAccept = done('RPN_ID');
/** Register node name. Shape: 28 bytes. */
export const rnnId = register('RNN_ID', { ...port, nodeName: wwn });
/** Accept of RNN_ID. Shape: 16 bytes. */
export const rnnIdAccept = done('RNN_ID');
/** Register class of service. Shape: 24 bytes. */
export const rcsId = register('RCS_ID', { ...port, classOfService: flags(u32, ClassOfService) });
/** Accept of RCS_ID. Shape: 16 bytes. */
export const rcsIdAccept = done('RCS_ID');
/** Register FC-4 types. Shape of the body: 36 bytes. Shape: 52 bytes. */
export const rftId = register('RFT_ID', { ...port, fc4Types });
/** Accept of RFT_ID. Shape: 16 bytes. */
export const rftIdAccept = done('RFT_ID');
/** Register symbolic port name. Shape: 21 bytes and the name. */
export const rspnId = register('RSPN_ID', { ...port, ...countedName() });
/** Accept of RSPN_ID. Shape: 16 bytes. */
export const rspnIdAccept = done('RSPN_ID');
/** Register port type. Shape: 24 bytes. */
export const rptId = register('RPT_ID', {
  ...port,
  portType: named(u8, NameServerPortType),
  reserved2: reserved24,
});
/** Accept of RPT_ID. Shape: 16 bytes. */
export const rptIdAccept = done('RPT_ID');
/** Register IP address of a port. Shape: 36 bytes. */
export const rippId = register('RIPP_ID', { ...port, portIpAddress: bytes(16) });
/** Accept of RIPP_ID. Shape: 16 bytes. */
export const rippIdAccept = done('RIPP_ID');
/** Register hard address. Shape: 24 bytes. */
export const rhaId = register('RHA_ID', { ...port, reserved2: reserved8, hardAddress: fcId });
/** Accept of RHA_ID. Shape: 16 bytes. */
export const rhaIdAccept = done('RHA_ID');
/** Register FC-4 descriptors of these FC-4 types. Shape: 52 bytes and 256 per descriptor. */
export const rfdId = register('RFD_ID', {
  ...port,
  fc4Types,
  descriptors: list(fc4Descriptor, { mayBeCut: true }),
});
/** Accept of RFD_ID. Shape: 16 bytes. */
export const rfdIdAccept = done('RFD_ID');
/** Register FC-4 features of one FC-4 type. Shape of the body: 8 bytes. Shape: 24 bytes. */
export const rffId = register('RFF_ID', {
  ...port,
  reserved2: reserved16,
  fc4Features: flags(u8, FcpFeatures),
  fc4Type: named(u8, FcType),
});
/** Accept of RFF_ID. Shape: 16 bytes. */
export const rffIdAccept = done('RFF_ID');
/** Register IP address of a node. Shape: 40 bytes. */
export const ripNn = register('RIP_NN', { nodeName: wwn, nodeIpAddress: bytes(16) });
/** Accept of RIP_NN. Shape: 16 bytes. */
export const ripNnAccept = done('RIP_NN');
/** Register symbolic node name. Shape: 25 bytes and the name. */
export const rsnnNn = register('RSNN_NN', { nodeName: wwn, ...countedName() });
/** Accept of RSNN_NN. Shape: 16 bytes. */
export const rsnnNnAccept = done('RSNN_NN');

/** Remove all objects of a port. Shape: 20 bytes. */
export const daId = register('DA_ID', port);
/** Accept of DA_ID. Shape: 16 bytes. */
export const daIdAccept = done('DA_ID');

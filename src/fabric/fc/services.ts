/**
 * The fabric's services at their well-known addresses: F_Port controller (FFFFFEh), fabric
 * controller (FFFFFDh), directory server (FFFFFCh), management server (FFFFFAh). Each keeps who is
 * logged in with it; what is refused is refused with reason and explanation.
 * Source: FC-FS-3, well-known addresses; FC-LS-3; FC-GS-7.
 */
import { BaRjtExplanation, BaRjtReason, baRjt } from '../../codecs/bls/index.ts';
import {
  CtReason,
  ctPreamble,
  ctReject,
  ctRejectFor,
  ctRequest,
  DirectorySubtype,
  GsType,
  ManagementSubtype,
  PREAMBLE_BYTES,
} from '../../codecs/ct/index.ts';
import { type FcHeader, FcType, RCtl, WellKnownAddress } from '../../codecs/fc/index.ts';
import { CodecError, type FcId } from '../../codecs/layout/index.ts';
import type { ApplicationServer } from './application-server.ts';
import type { FabricContext } from './context.ts';
import { type CtAnswer, refused } from './ct-answer.ts';
import type { ElsOriginator } from './els-originator.ts';
import { type Login, serviceBit } from './logins.ts';
import type { NameServer } from './name-server.ts';
import type { ServiceElsResponder } from './service-els.ts';
import { isWholeSequence, type ServiceSender } from './service-sender.ts';

const SERVICES: ReadonlySet<number> = new Set([
  WellKnownAddress['F_Port Controller'],
  WellKnownAddress['Fabric Controller'],
  WellKnownAddress['Directory Server'],
  WellKnownAddress['Management Server'],
]);

/** Longest answer that its preamble can tell of: words in the residual field. */
const WORD_BYTES = 4;

/** What the services are made of. */
export interface ServiceParts {
  readonly sender: ServiceSender;
  readonly originator: ElsOriginator;
  readonly nameServer: NameServer;
  readonly applicationServer: ApplicationServer;
  readonly els: ServiceElsResponder;
}

/** Takes the frames for well-known addresses and gives each to the service that it is for. */
export class Services {
  readonly #context: FabricContext;
  readonly #parts: ServiceParts;

  constructor(context: FabricContext, parts: ServiceParts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** True for the well-known addresses at which something answers. */
  answersAt(address: FcId): boolean {
    return SERVICES.has(address);
  }

  /** A frame for a service that answers, from a port that is logged in; its CRC is good. */
  handle(login: Login, header: FcHeader, payload: Uint8Array): void {
    const { port, nPortId: sId } = login;
    const { dId } = header;
    this.#context.counters.served++;
    switch (header.rCtl) {
      case RCtl['ELS Request']:
        if (header.type !== FcType.ELS || !isWholeSequence(header) || payload.length === 0) break;
        this.#parts.els.handle(login, header, payload);
        return;
      case RCtl['ELS Reply']:
        if (!this.#parts.originator.handleReply(login, header, payload))
          this.#context.protocol(
            port,
            `ELS reply to no request of ours (OX_ID ${header.oxId})`,
            sId,
          );
        return;
      case RCtl['Unsolicited Control']:
        if (header.type !== FcType.CT || !isWholeSequence(header)) break;
        this.#handleCt(login, header, payload);
        return;
      case RCtl.ABTS:
        this.#refuseAbts(login, header);
        return;
    }
    this.#context.drop('unsupported', port, { sId, dId, detail: `R_CTL ${header.rCtl}` });
  }

  /** Requests are answered before anybody can abort them: there is no exchange left. */
  #refuseAbts(login: Login, header: FcHeader): void {
    const payload = baRjt.encode({
      reason: BaRjtReason['Logical error'],
      explanation: BaRjtExplanation['Invalid OX_ID-RX_ID combination'],
    });
    this.#parts.sender.blsReply(login, header, RCtl.BA_RJT, payload);
  }

  #handleCt(login: Login, header: FcHeader, payload: Uint8Array): void {
    const { port, nPortId: sId } = login;
    if (payload.length < PREAMBLE_BYTES) {
      this.#context.drop('malformed', port, { sId, dId: header.dId, detail: 'CT_IU' });
      return;
    }
    if ((login.services & serviceBit(header.dId)) === 0) {
      this.#context.protocol(port, 'CT request without PLOGI', sId);
      this.#parts.els.sendLogo(login, header.dId);
      return;
    }
    const preamble = ctPreamble.decode(payload, 0, PREAMBLE_BYTES);
    const answer = this.#answerCt(login, header, payload);
    if ('reason' in answer) {
      const { reason, explanation } = answer;
      const reject = ctReject.encode(ctRejectFor(preamble, reason, explanation));
      this.#parts.sender.ctReply(login, header, reject);
      return;
    }
    const reply = cutTo(preamble.maxResidualSizeWords, answer.accept);
    // The IN_ID is the asker's own and comes back as it was.
    reply.set(payload.subarray(1, 4), 1);
    this.#parts.sender.ctReply(login, header, reply);
  }

  #answerCt(login: Login, header: FcHeader, payload: Uint8Array): CtAnswer {
    const [revision, gsType, gsSubtype] = [payload[0], payload[4], payload[5]];
    if (revision !== 1) return refused(CtReason.INVALID_VERSION_LEVEL);
    const isFor = (address: FcId, type: number, subtype: number) =>
      header.dId === address && gsType === type && gsSubtype === subtype;
    const { nameServer, applicationServer } = this.#parts;
    const server = isFor(
      WellKnownAddress['Directory Server'],
      GsType.DIRECTORY,
      DirectorySubtype.NAME_SERVER,
    )
      ? nameServer
      : isFor(
            WellKnownAddress['Management Server'],
            GsType.MANAGEMENT,
            ManagementSubtype.APPLICATION,
          )
        ? applicationServer
        : undefined;
    if (server === undefined) return refused(CtReason.COMMAND_NOT_SUPPORTED);
    try {
      return server.answer(login, ctRequest.decode(payload));
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      return refused(CtReason.INVALID_CT_IU_SIZE);
    }
  }
}

/** The accept as the asker has room for it; what does not fit is counted in its residual size. */
function cutTo(maxWords: number, accept: Uint8Array): Uint8Array {
  const words = Math.ceil((accept.length - PREAMBLE_BYTES) / WORD_BYTES);
  if (maxWords === 0 || words <= maxWords) return accept.slice();
  const cut = accept.slice(0, PREAMBLE_BYTES + maxWords * WORD_BYTES);
  const residual = Math.min(words - maxWords, 0xffff);
  cut[10] = residual >>> 8;
  cut[11] = residual;
  return cut;
}

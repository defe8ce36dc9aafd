import { Buffer } from 'node:buffer';
import type { DirectionFaults } from './faults.js';
import { type LinkContext, latencyOf } from './link-context.js';

/** A piece under way; without bytes it is the end of the stream. */
interface Segment {
  readonly order: number;
  readonly bytes: Uint8Array | undefined;
}

/** Who sends into a pipe. */
export interface PipeSender {
  /** Bytes have arrived, so that there is room for others. */
  progressed(): void;
}

/** Who reads from a pipe. */
export interface PipeReceiver {
  /** Nobody is there any more: what comes is answered with a reset. */
  readonly isGone: boolean;
  data(bytes: Uint8Array): void;
  ended(): void;
}

/** What belongs to the link as a whole. */
export interface PipeHost {
  faults(): DirectionFaults;
  /** Bytes came for a receiver that is gone. */
  bounced(): void;
  /** The byte was reached at which the link is to break. */
  cutOff(): void;
  note(what: string, bytes: number): void;
}

const SEGMENT_BYTES = 65_536;
/** A line or a reader with a rate works in steps of so much time. */
const STEPS_PER_SECOND = 100;

/**
 * One direction of a stream: what the sender wrote, what is under way, what lies at the receiver unread.
 *
 * What is under way and unread at the receiver together is at most the kernel's buffer there, the window. What has not arrived fills
 * the kernel's buffer of the sender first; the rest is the sender's own (`writableLength`).
 */
export class Pipe {
  readonly #context: LinkContext;
  readonly #host: PipeHost;
  readonly #sender: PipeSender;
  readonly #receiver: PipeReceiver;
  #isOpen = false;
  #isDead = false;
  readonly #unsent: Uint8Array[] = [];
  #unsentBytes = 0;
  #isEnding = false;
  #isEndSent = false;
  #pieces = 0;
  #lineFreeMs = 0;
  #underWayBytes = 0;
  #sentOrder = 0;
  #arrivedOrder = 0;
  /** Came before others that were sent earlier: they wait for those. */
  readonly #early = new Map<number, Segment>();
  /** Lost, to be sent again. */
  #lost: Segment[] = [];
  readonly #unread: Uint8Array[] = [];
  #unreadBytes = 0;
  #isReading = false;
  #hasEnd = false;
  #isEndTold = false;
  #readerFreeMs = 0;
  #stopRead: (() => void) | undefined;
  #deliveredBytes = 0;

  constructor(context: LinkContext, host: PipeHost, sender: PipeSender, receiver: PipeReceiver) {
    this.#context = context;
    this.#host = host;
    this.#sender = sender;
    this.#receiver = receiver;
  }

  /** Bytes that were written and have not arrived. */
  get heldBytes(): number {
    return this.#unsentBytes + this.#underWayBytes;
  }

  /** Bytes that lie at the receiver. */
  get unreadBytes(): number {
    return this.#unreadBytes;
  }

  /** Bytes that the receiver has got. */
  get deliveredBytes(): number {
    return this.#deliveredBytes;
  }

  /** The connection is established: what was written may leave. */
  open(): void {
    this.#isOpen = true;
    this.pump();
  }

  /** Takes bytes, which become the pipe's. */
  write(bytes: Uint8Array): void {
    if (this.#isEnding || this.#isDead) return;
    this.#unsent.push(bytes);
    this.#unsentBytes += bytes.length;
    this.pump();
  }

  /** The end of the stream follows what was written. */
  end(): void {
    this.#isEnding = true;
    this.pump();
  }

  /** The sender is gone: what its kernel has not taken yet is lost, and the end follows the rest. */
  endWithKernel(): void {
    let room = Math.max(0, this.#context.kernelBytes - this.#underWayBytes);
    const kept = this.#unsent.splice(0);
    this.#unsentBytes = 0;
    for (const bytes of kept) {
      const part = bytes.subarray(0, room);
      room -= part.length;
      if (part.length === 0) break;
      this.#unsent.push(part);
      this.#unsentBytes += part.length;
    }
    this.end();
  }

  /** Carries nothing any more; what is under way is void. */
  kill(): void {
    this.#isDead = true;
    this.#unsent.length = 0;
    this.#unsentBytes = 0;
    this.#underWayBytes = 0;
    this.#lost = [];
    this.#early.clear();
  }

  /** The receiver wants to read, from now on or again. */
  startReading(): void {
    this.#isReading = true;
    if (this.#unreadBytes > 0 || this.#hasEnd) this.#readLater(this.#context.time.now());
  }

  stopReading(): void {
    this.#isReading = false;
  }

  /** The receiver is gone. */
  discard(): void {
    this.#isReading = false;
    this.#unread.length = 0;
    this.#unreadBytes = 0;
  }

  /** Faults have changed: what was held may go. */
  changed(): void {
    if (this.#host.faults().readsPerSecond === 0) this.#readerFreeMs = 0;
    this.pump();
    if (this.#unreadBytes > 0) this.#readLater(this.#context.time.now());
  }

  /** Sends what can be sent. */
  pump(): void {
    const faults = this.#host.faults();
    if (!this.#isOpen || this.#isDead || faults.isSilent) return;
    for (const segment of this.#lost.splice(0)) this.#carry(segment, faults);
    while (this.#unsentBytes > 0) {
      const window = this.#context.kernelBytes - this.#unreadBytes - this.#underWayBytes;
      if (window <= 0) return;
      const bytes = this.#takeUnsent(Math.min(this.#unsentBytes, window, this.#pieceSize(faults)));
      this.#underWayBytes += bytes.length;
      this.#carry({ order: this.#sentOrder++, bytes }, faults);
    }
    if (this.#isEnding && !this.#isEndSent) {
      this.#isEndSent = true;
      this.#carry({ order: this.#sentOrder++, bytes: undefined }, faults);
    }
  }

  #pieceSize({ cut, bytesPerSecond }: DirectionFaults): number {
    const most = bytesPerSecond > 0 ? Math.max(1, Math.floor(bytesPerSecond / STEPS_PER_SECOND)) : SEGMENT_BYTES;
    if (cut === undefined) return most;
    let size: number;
    if (typeof cut === 'number') size = cut;
    else if ('min' in cut) size = this.#context.random.integer(cut.min, cut.max);
    else size = cut[this.#pieces++ % cut.length] ?? 1;
    return Math.min(most, Math.max(1, Math.trunc(size)));
  }

  #takeUnsent(size: number): Uint8Array {
    const first = this.#unsent[0] as Uint8Array;
    this.#unsentBytes -= size;
    if (first.length > size) {
      this.#unsent[0] = first.subarray(size);
      return first.subarray(0, size);
    }
    this.#unsent.shift();
    if (first.length === size) return first;
    // Writes that leave together arrive together, as in a kernel.
    const bytes = Buffer.allocUnsafe(size);
    bytes.set(first);
    let filled = first.length;
    while (filled < size) {
      const next = this.#unsent[0] as Uint8Array;
      const part = next.subarray(0, size - filled);
      bytes.set(part, filled);
      filled += part.length;
      if (part.length === next.length) this.#unsent.shift();
      else this.#unsent[0] = next.subarray(part.length);
    }
    return bytes;
  }

  #carry(segment: Segment, faults: DirectionFaults): void {
    const { time } = this.#context;
    const size = segment.bytes?.length ?? 0;
    const lineMs = faults.bytesPerSecond > 0 ? (size * 1000) / faults.bytesPerSecond : 0;
    this.#lineFreeMs = Math.max(time.now(), this.#lineFreeMs) + lineMs;
    time.scheduleAt(
      this.#lineFreeMs + latencyOf(this.#context, faults),
      () => {
        this.#arrive(segment);
      },
      'an arrival',
    );
  }

  #arrive(segment: Segment): void {
    if (this.#isDead) return;
    const { isSilent } = this.#host.faults();
    if (isSilent) {
      this.#lost.push(segment);
      this.#host.note('lost', segment.bytes?.length ?? 0);
      return;
    }
    this.#early.set(segment.order, segment);
    let next = this.#early.get(this.#arrivedOrder);
    while (next !== undefined && !this.#isDead) {
      this.#early.delete(this.#arrivedOrder++);
      this.#accept(next.bytes);
      next = this.#early.get(this.#arrivedOrder);
    }
  }

  #accept(bytes: Uint8Array | undefined): void {
    if (bytes === undefined) {
      this.#hasEnd = true;
    } else {
      this.#underWayBytes -= bytes.length;
      if (this.#receiver.isGone) {
        this.#host.bounced();
        return;
      }
      const { resetAt } = this.#host.faults();
      const room = resetAt === undefined ? bytes.length : resetAt - this.#deliveredBytes - this.#unreadBytes;
      const part = room < bytes.length ? bytes.subarray(0, Math.max(0, room)) : bytes;
      if (part.length > 0) {
        this.#unread.push(part);
        this.#unreadBytes += part.length;
      }
      if (part.length < bytes.length) {
        this.#readAll();
        this.#host.cutOff();
        return;
      }
      this.#sender.progressed();
    }
    if (this.#stopRead === undefined) this.#read();
  }

  /** Hands on the next piece; runs in an event of its own or in that of an arrival. */
  #read(): void {
    this.#stopRead = undefined;
    if (!this.#isReading || this.#receiver.isGone) return;
    const first = this.#unread[0];
    if (first === undefined) {
      if (!this.#hasEnd || this.#isEndTold) return;
      this.#isEndTold = true;
      this.#host.note('end', 0);
      this.#receiver.ended();
      return;
    }
    const { time } = this.#context;
    if (time.now() < this.#readerFreeMs) {
      this.#readLater(this.#readerFreeMs);
      return;
    }
    this.#receiver.data(this.#takeUnread(first));
    this.pump();
    if (this.#unreadBytes > 0 || this.#hasEnd) this.#readLater(Math.max(time.now(), this.#readerFreeMs));
  }

  /** Hands on what the receiver takes now. */
  #readAll(): void {
    let before: number;
    do {
      before = this.#unreadBytes;
      this.#read();
    } while (this.#unreadBytes > 0 && this.#unreadBytes < before);
  }

  #takeUnread(first: Uint8Array): Uint8Array {
    const { readsPerSecond } = this.#host.faults();
    let bytes = first;
    if (readsPerSecond > 0) {
      bytes = first.subarray(0, Math.max(1, Math.floor(readsPerSecond / STEPS_PER_SECOND)));
      this.#readerFreeMs = this.#context.time.now() + (bytes.length * 1000) / readsPerSecond;
    } else {
      this.#readerFreeMs = 0;
    }
    if (bytes.length < first.length) this.#unread[0] = first.subarray(bytes.length);
    else this.#unread.shift();
    this.#unreadBytes -= bytes.length;
    this.#deliveredBytes += bytes.length;
    this.#host.note('deliver', bytes.length);
    return bytes;
  }

  #readLater(atMs: number): void {
    this.#stopRead?.();
    this.#stopRead = this.#context.time.scheduleAt(
      atMs,
      () => {
        this.#read();
      },
      'a read',
    );
  }
}
